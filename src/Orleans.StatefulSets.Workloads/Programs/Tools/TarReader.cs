using Orleans.StatefulSets.Workloads.Files;
using Orleans.StatefulSets.Workloads.Text;

namespace Orleans.StatefulSets.Workloads.Programs.Tools;

/// <summary>Lists or extracts an archive.</summary>
internal sealed class TarReader(ToolCall call, ByteReader reader, Accounts accounts)
{
    private const int LongestName = 65_536;
    private readonly List<(string Path, TarHeader Header)> folders = [];
    private readonly HashSet<string> wanted = [.. call.Operands.Select(operand => operand.TrimEnd('/'))];
    private readonly HashSet<string> seen = [];
    private string? longName;
    private string? longLink;
    private bool saidStripping;
    private bool any;

    public async ValueTask RunAsync(bool lists)
    {
        while (await NextAsync() is { } header)
        {
            if (!IsWanted(header.Name))
            {
                await SkipAsync(header.Size);
                continue;
            }

            await (lists ? ListAsync(header) : ExtractAsync(header));
        }

        // A directory's mode and time come last, so that what is in it can be written and does not change them.
        foreach (var (path, header) in folders.AsEnumerable().Reverse())
        {
            await FinishAsync(path, header);
        }

        foreach (var missing in wanted.Where(name => !seen.Contains(name)))
        {
            await call.FailAsync($"{missing}: not found in archive");
        }
    }

    private async ValueTask<TarHeader?> NextAsync()
    {
        while (true)
        {
            await call.Process.StepAsync();
            var block = await reader.ReadExactlyAsync(TarHeader.Block);
            if (block.Length == 0 && any)
            {
                return null;
            }

            any = true;
            if (block.Length < TarHeader.Block)
            {
                throw new InvalidDataException("short read");
            }

            if (TarHeader.Parse(block) is not { } header)
            {
                // The rest is read, so that whoever writes it is not cut off.
                while (!(await reader.ReadBlockAsync()).IsEmpty)
                {
                    await call.Process.StepAsync();
                }

                return null;
            }

            switch (header.Type)
            {
                case 'L':
                    longName = (await TextAsync(header)).TrimEnd('\0');
                    break;
                case 'K':
                    longLink = (await TextAsync(header)).TrimEnd('\0');
                    break;
                case 'x' or 'g':
                    ReadPax(await TextAsync(header));
                    break;
                default:
                    var named = header with { Name = longName ?? header.Name, Link = longLink ?? header.Link };
                    (longName, longLink) = (null, null);
                    return named;
            }
        }
    }

    private async ValueTask<string> TextAsync(TarHeader header)
    {
        if (header.Size > LongestName)
        {
            throw new InvalidDataException("invalid tar magic");
        }

        var text = ByteText.FromBytes(await reader.ReadExactlyAsync((int)header.Size));
        await reader.ReadExactlyAsync(TarHeader.Padding(header.Size));
        return text;
    }

    private void ReadPax(string records)
    {
        for (var at = 0; at < records.Length;)
        {
            var space = records.IndexOf(' ', at);
            if (space < 0 || !int.TryParse(records.AsSpan(at, space - at), out var length) || length <= space - at || at + length > records.Length)
            {
                return;
            }

            var record = records[(space + 1)..(at + length)].TrimEnd('\n');
            longName = record.StartsWith("path=", StringComparison.Ordinal) ? record[5..] : longName;
            longLink = record.StartsWith("linkpath=", StringComparison.Ordinal) ? record[9..] : longLink;
            at += length;
        }
    }

    private bool IsWanted(string name)
    {
        var path = name.TrimEnd('/');
        if (call.Options.Values('E').Any(pattern => Glob.Matches(pattern, path) || Glob.Matches(pattern, ToolCall.LastSegment(path))))
        {
            return false;
        }

        var matching = wanted.Where(operand => path == operand || path.StartsWith(operand + "/", StringComparison.Ordinal)).ToList();
        seen.UnionWith(matching);
        return wanted.Count == 0 || matching.Count > 0;
    }

    private async ValueTask ListAsync(TarHeader header)
    {
        await call.WriteLineAsync(call.Has('v') ? TarTool.Line(header) : header.Name);
        await SkipAsync(header.Size);
    }

    private async ValueTask ExtractAsync(TarHeader header)
    {
        var path = await SafeAsync(header.Name);
        if (call.Has('v') && path.Length > 0)
        {
            await (call.Has('O') ? call.Process.ComplainAsync(header.Name + "\n") : call.WriteLineAsync(header.Name));
        }

        var before = reader.Consumed;
        if (path.Length > 0)
        {
            await call.TryAsync(() => MakeAsync(path, header), error => $"can't open '{path}': {error}");
        }

        await SkipAsync(header.Size, reader.Consumed - before);
    }

    private async ValueTask MakeAsync(string path, TarHeader header)
    {
        if (call.Has('O'))
        {
            await CopyAsync(header.IsFile ? header.Size : 0, call.WriteAsync);
            return;
        }

        await MakeParentsAsync(path);
        var there = await call.FindAsync(path, follow: false);
        if (header.IsDirectory)
        {
            if (there is { IsDirectory: false })
            {
                await call.Files.RemoveFileAsync(call.By, path);
            }

            if (there is not { IsDirectory: true })
            {
                await call.Files.MakeDirectoryAsync(call.By, path, 0x1C0 | header.Mode);
            }

            folders.Add((path, header));
            return;
        }

        if (there is not null && call.Has('k'))
        {
            await call.FailAsync($"can't open '{path}': File exists");
            return;
        }

        if (there is { IsDirectory: false })
        {
            await call.Files.RemoveFileAsync(call.By, path);
        }

        switch (header.Type)
        {
            case '1':
                await call.Files.LinkAsync(call.By, await SafeAsync(header.Link), path);
                break;
            case '2':
                await call.Files.MakeSymbolicLinkAsync(call.By, header.Link, path);
                break;
            case '0' or '\0' or '7':
                await WriteAsync(path, header);
                break;
            default:
                await call.FailAsync($"can't create node {path}: Operation not permitted");
                break;
        }
    }

    private async ValueTask WriteAsync(string path, TarHeader header)
    {
        var file = await call.OpenAsync(path, OpenMode.Write | OpenMode.Create | OpenMode.Truncate, header.Mode & 0x1FF);
        try
        {
            await CopyAsync(header.Size, bytes => file.WriteAsync(bytes, call.Process.Killed));
        }
        finally
        {
            await call.CloseAsync(file);
        }

        await FinishAsync(path, header);
    }

    private async ValueTask FinishAsync(string path, TarHeader header)
    {
        var keepsMode = call.Has('p') || call.By.Credentials.IsRoot;
        await call.Files.ChangeAsync(call.By, path, new AttributeChange { Mode = keepsMode ? header.Mode : header.Mode & ~call.By.Umask });
        if (call.By.Credentials.IsRoot && !call.Has('o'))
        {
            await call.Files.ChangeAsync(call.By, path, new AttributeChange { Uid = accounts.Uid(header.User) ?? header.Uid, Gid = accounts.Gid(header.Group) ?? header.Gid });
        }

        if (!call.Has('m'))
        {
            await call.Files.ChangeAsync(call.By, path, new AttributeChange { Modified = header.Modified, Accessed = header.Modified });
        }
    }

    private async ValueTask MakeParentsAsync(string path)
    {
        for (var slash = path.IndexOf('/', 1); slash > 0; slash = path.IndexOf('/', slash + 1))
        {
            if (await call.FindAsync(path[..slash]) is null)
            {
                await call.Files.MakeDirectoryAsync(call.By, path[..slash]);
            }
        }
    }

    /// <summary>A member's path inside of the directory that is extracted to: no leading slash, nothing before a <c>..</c>.</summary>
    private async ValueTask<string> SafeAsync(string name)
    {
        var parts = name.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(part => part != ".").ToList();
        var up = parts.LastIndexOf("..");
        if ((name.StartsWith('/') || up >= 0) && !saidStripping)
        {
            saidStripping = true;
            await call.ComplainAsync($"removing leading '{(up >= 0 ? name[..(name.LastIndexOf("..", StringComparison.Ordinal) + 2)] : "/")}' from member names");
        }

        var strip = call.Value('N') is { } count ? (int)ToolCall.Number(count) : 0;
        return string.Join('/', parts.Skip(up + 1).Skip(strip));
    }

    private async ValueTask CopyAsync(long size, Func<ReadOnlyMemory<byte>, ValueTask> write)
    {
        while (size > 0)
        {
            var block = await reader.ReadBlockAsync((int)Math.Min(size, int.MaxValue));
            if (block.IsEmpty)
            {
                throw new InvalidDataException("short read");
            }

            size -= block.Length;
            await write(block);
        }
    }

    private async ValueTask SkipAsync(long size, long done = 0)
    {
        await CopyAsync(size + TarHeader.Padding(size) - done, _ => default);
    }
}
