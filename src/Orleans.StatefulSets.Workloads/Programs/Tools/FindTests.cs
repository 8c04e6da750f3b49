using Orleans.StatefulSets.Workloads.Files;

namespace Orleans.StatefulSets.Workloads.Programs.Tools;

/// <summary>The questions that find asks about a file.</summary>
internal sealed class FindTests(ToolCall call)
{
    /// <summary>The test of a word, or null where there is none of that name.</summary>
    public async ValueTask<Func<FindItem, ValueTask<bool>>?> OfAsync(string word, Func<string> value)
    {
        Func<FindItem, bool>? test = word switch
        {
            "-name" => Named(value(), item => item.Name, ignoreCase: false),
            "-iname" => Named(value(), item => item.Name, ignoreCase: true),
            "-path" or "-wholename" => Named(value(), item => item.Path, ignoreCase: false),
            "-ipath" => Named(value(), item => item.Path, ignoreCase: true),
            "-regex" => Whole(value()),
            "-type" => OfType(value()),
            "-size" => OfSize(value()),
            "-perm" => OfMode(value()),
            "-mtime" => Aged(value(), TimeSpan.FromDays(1), node => node.Modified),
            "-atime" => Aged(value(), TimeSpan.FromDays(1), node => node.Accessed),
            "-ctime" => Aged(value(), TimeSpan.FromDays(1), node => node.Changed),
            "-mmin" => Aged(value(), TimeSpan.FromMinutes(1), node => node.Modified),
            "-amin" => Aged(value(), TimeSpan.FromMinutes(1), node => node.Accessed),
            "-cmin" => Aged(value(), TimeSpan.FromMinutes(1), node => node.Changed),
            "-links" => Compared(value(), item => item.Node.Links),
            "-inum" => Compared(value(), item => item.Node.Number),
            _ => null,
        };
        if (test is not null)
        {
            return item => new(test(item));
        }

        return word switch
        {
            "-empty" => async item => item.Node.IsDirectory ? (await call.Files.ListAsync(call.By, item.Path)).Count == 0 : item.Node is { Kind: FileKind.Regular, Size: 0 },
            "-newer" => await NewerAsync(value()),
            "-samefile" => await SameAsync(value()),
            "-user" => await OwnedAsync(value(), isGroup: false),
            "-group" => await OwnedAsync(value(), isGroup: true),
            "-executable" => async item => await call.Files.AccessAsync(call.By, item.Path, AccessMode.Execute),
            _ => null,
        };
    }

    private static Func<FindItem, bool> Named(string pattern, Func<FindItem, string> text, bool ignoreCase) => item => Glob.Matches(pattern, text(item), ignoreCase);

    private static Func<FindItem, bool> Whole(string pattern)
    {
        var regex = PosixRegex.Compile(pattern, extended: false, ignoreCase: false);
        return item => regex.Match(item.Path) is { Success: true, Index: 0 } match && match.Length == item.Path.Length;
    }

    private static Func<FindItem, bool> OfType(string letters)
    {
        if (letters.Length == 0 || letters.Any(letter => !"fdlcbps,".Contains(letter, StringComparison.Ordinal)))
        {
            throw new UsageException($"invalid argument '{letters}' to '-type'", withUsage: false);
        }

        return item => letters.Contains(item.Node.Kind == FileKind.Regular ? 'f' : ModeText.KindOf(item.Node.Kind), StringComparison.Ordinal);
    }

    private static Func<FindItem, bool> OfSize(string text)
    {
        var unit = text.Length == 0 ? 'b' : text[^1];
        var factor = unit switch { 'c' => 1, 'w' => 2, 'k' => 1024, 'M' => 1 << 20, 'G' => 1 << 30, _ => 512 };
        var number = char.IsAsciiDigit(unit) ? text : text[..Math.Max(0, text.Length - 1)];
        var bytes = ToolCall.Number(number.TrimStart('+', '-')) * factor;
        return Compared((number[0] is '+' or '-' ? number[..1] : "") + bytes.ToString(System.Globalization.CultureInfo.InvariantCulture), item => item.Node.Size);
    }

    private static Func<FindItem, bool> OfMode(string text)
    {
        var sign = text.Length > 0 && "-/+".Contains(text[0], StringComparison.Ordinal) ? text[0] : '\0';
        var mode = ModeText.Parse(sign == '\0' ? text : text[1..], 0, 0, isDirectory: false) ?? throw new UsageException($"invalid mode '{text}'", withUsage: false);
        return sign switch
        {
            '-' => item => (item.Node.Mode & mode) == mode,
            '\0' => item => item.Node.Mode == mode,
            _ => item => mode == 0 || (item.Node.Mode & mode) != 0,
        };
    }

    private Func<FindItem, bool> Aged(string text, TimeSpan unit, Func<FileNode, DateTime> time)
    {
        var now = call.Clock.GetUtcNow().UtcDateTime;
        return Compared(text, item => (long)((now - time(item.Node)) / unit));
    }

    private static Func<FindItem, bool> Compared(string text, Func<FindItem, long> value)
    {
        var number = ToolCall.Number(text.TrimStart('+', '-'));
        return text[0] switch { '+' => item => value(item) > number, '-' => item => value(item) < number, _ => item => value(item) == number };
    }

    private async ValueTask<Func<FindItem, ValueTask<bool>>> NewerAsync(string path)
    {
        var time = (await StatAsync(path)).Node.Modified;
        return item => new(item.Node.Modified > time);
    }

    private async ValueTask<Func<FindItem, ValueTask<bool>>> SameAsync(string path)
    {
        var other = await StatAsync(path);
        return item => new(item.Node.Number == other.Node.Number && item.Tree == other.Mount.Tree);
    }

    private async ValueTask<(FileNode Node, Mount Mount, string Path)> StatAsync(string path)
    {
        try
        {
            return await call.Files.LocateAsync(call.By, path);
        }
        catch (FileException failure)
        {
            throw new UsageException($"{path}: {failure.Message}", withUsage: false);
        }
    }

    private async ValueTask<Func<FindItem, ValueTask<bool>>> OwnedAsync(string name, bool isGroup)
    {
        var accounts = await Accounts.ReadAsync(call);
        var id = (isGroup ? accounts.GidOf(name) : accounts.UidOf(name)) ?? throw new UsageException($"unknown {(isGroup ? "group" : "user")} {name}", withUsage: false);
        return item => new((isGroup ? item.Node.Gid : item.Node.Uid) == id);
    }
}
