using System.Globalization;
using Orleans.StatefulSets.Workloads.Files;
using Orleans.StatefulSets.Workloads.Processes;

namespace Orleans.StatefulSets.Workloads.Programs.Shell.Standalone;

/// <summary><c>test</c> and <c>[</c>.</summary>
/// <param name="process">For whom.</param>
/// <param name="arguments">The expression.</param>
internal sealed class TestCommand(Process process, IReadOnlyList<string> arguments)
{
    private const int Deepest = 100;
    private int at;
    private int depth;

    private sealed class Malformed(string message) : Exception(message);

    /// <summary>0 true, 1 false, 2 no expression.</summary>
    public static async ValueTask<int> RunAsync(Process process, string name, IReadOnlyList<string> arguments)
    {
        var called = arguments[0][(arguments[0].LastIndexOf('/') + 1)..];
        var expression = arguments.Skip(1).ToList();
        if (called is "[" or "[[")
        {
            if (expression.Count == 0 || expression[^1] != (called == "[" ? "]" : "]]"))
            {
                await process.ComplainAsync($"{name}: missing {(called == "[" ? "]" : "]]")}\n");
                return 2;
            }

            expression.RemoveAt(expression.Count - 1);
        }

        try
        {
            return await new TestCommand(process, expression).WholeAsync() ? 0 : 1;
        }
        catch (Malformed problem)
        {
            await process.ComplainAsync($"{name}: {problem.Message}\n");
            return 2;
        }
    }

    private async ValueTask<bool> WholeAsync()
    {
        switch (arguments.Count)
        {
            case 0:
                return false;
            case 1:
                return arguments[0].Length > 0;
            case 2 when arguments[0] == "!":
                return arguments[1].Length == 0;
            case 3 when arguments[0] == "!" && !IsBinary(arguments[1]):
                at = 1;
                return !await PrimaryAsync();
            case 3 when IsBinary(arguments[1]):
                return await BinaryAsync(arguments[0], arguments[1], arguments[2]);
            case 4 when arguments[0] == "!":
                return !await new TestCommand(process, [.. arguments.Skip(1)]).WholeAsync();
        }

        var value = await OrAsync();
        return at >= arguments.Count ? value : throw new Malformed($"{arguments[at]}: unknown operand");
    }

    private async ValueTask<bool> OrAsync()
    {
        var value = await AndAsync();
        while (Current is "-o" or "||")
        {
            at++;
            value |= await AndAsync();
        }

        return value;
    }

    private async ValueTask<bool> AndAsync()
    {
        var value = await NotAsync();
        while (Current is "-a" or "&&")
        {
            at++;
            value &= await NotAsync();
        }

        return value;
    }

    private async ValueTask<bool> NotAsync()
    {
        if (++depth > Deepest)
        {
            throw new Malformed("argument expected");
        }

        var isNegated = Current == "!" && !(at + 2 < arguments.Count && IsBinary(arguments[at + 1]));
        if (isNegated)
        {
            at++;
        }

        var value = isNegated ? !await NotAsync() : await PrimaryAsync();
        depth--;
        return value;
    }

    private string? Current => at < arguments.Count ? arguments[at] : null;

    private async ValueTask<bool> PrimaryAsync()
    {
        var word = Current ?? throw new Malformed("argument expected");
        if (at + 2 < arguments.Count + 0 && IsBinary(arguments[at + 1]))
        {
            at += 3;
            return await BinaryAsync(word, arguments[at - 2], arguments[at - 1]);
        }

        if (word == "(" && at + 1 < arguments.Count)
        {
            at++;
            var value = await OrAsync();
            if (Current != ")")
            {
                throw new Malformed("closing paren expected");
            }

            at++;
            return value;
        }

        at++;
        if (word.Length == 2 && word[0] == '-' && "edfrwxszntpSbchLugkOGN".Contains(word[1]))
        {
            if (at >= arguments.Count)
            {
                throw new Malformed("argument expected");
            }

            return await UnaryAsync(word[1], arguments[at++]);
        }

        return word.Length > 0;
    }

    private static bool IsBinary(string word) => word is "=" or "==" or "!=" or "<" or ">" or "-eq" or "-ne" or "-lt" or "-le" or "-gt" or "-ge" or "-nt" or "-ot" or "-ef";

    private async ValueTask<bool> BinaryAsync(string left, string sign, string right) => sign switch
    {
        "=" or "==" => left == right,
        "!=" => left != right,
        "<" => string.CompareOrdinal(left, right) < 0,
        ">" => string.CompareOrdinal(left, right) > 0,
        "-eq" => Number(left) == Number(right),
        "-ne" => Number(left) != Number(right),
        "-lt" => Number(left) < Number(right),
        "-le" => Number(left) <= Number(right),
        "-gt" => Number(left) > Number(right),
        "-ge" => Number(left) >= Number(right),
        "-nt" => await NodeAsync(left) is { } newer && await NodeAsync(right) is { } older && newer.Modified > older.Modified,
        "-ot" => await NodeAsync(left) is { } older && await NodeAsync(right) is { } newer && older.Modified < newer.Modified,
        _ => await IsSameAsync(left, right),
    };

    private static long Number(string text) =>
        long.TryParse(text.Trim(' ', '\t', '\n'), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : throw new Malformed($"{text}: bad number");

    private async ValueTask<bool> UnaryAsync(char sign, string operand)
    {
        switch (sign)
        {
            case 'z':
                return operand.Length == 0;
            case 'n':
                return operand.Length > 0;
            case 't':
                return process.Files[(int)Number(operand)]?.IsTerminal ?? false;
            case 'r' or 'w' or 'x':
                var mode = sign == 'r' ? AccessMode.Read : sign == 'w' ? AccessMode.Write : AccessMode.Execute;
                return await NodeAsync(operand) is not null && await process.Container.Files.AccessAsync(process.Caller, operand, mode);
        }

        var node = await NodeAsync(operand, follow: sign is not ('h' or 'L'));
        return node is not null && sign switch
        {
            'e' => true,
            'f' => node.Kind == FileKind.Regular,
            'd' => node.IsDirectory,
            's' => node.Size > 0 || node.IsDirectory,
            'h' or 'L' => node.Kind == FileKind.SymbolicLink,
            'p' => node.Kind == FileKind.NamedPipe,
            'c' => node.Kind == FileKind.CharacterDevice,
            'u' => (node.Mode & 0x800) != 0,
            'g' => (node.Mode & 0x400) != 0,
            'k' => (node.Mode & 0x200) != 0,
            'O' => node.Uid == process.Credentials.Uid,
            'G' => node.Gid == process.Credentials.Gid,
            'N' => node.Modified > node.Accessed,
            _ => false,
        };
    }

    private async ValueTask<FileNode?> NodeAsync(string path, bool follow = true)
    {
        try
        {
            return path.Length == 0 ? null : await process.Container.Files.StatAsync(process.Caller, path, follow);
        }
        catch (FileException)
        {
            return null;
        }
    }

    private async ValueTask<bool> IsSameAsync(string left, string right)
    {
        if (await NodeAsync(left) is null || await NodeAsync(right) is null)
        {
            return false;
        }

        var one = await process.Container.Files.LocateAsync(process.Caller, left);
        var other = await process.Container.Files.LocateAsync(process.Caller, right);
        return one.Mount == other.Mount && one.Node.Number == other.Node.Number;
    }
}
