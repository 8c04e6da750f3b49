using Orleans.StatefulSets.Workloads.Files;

namespace Orleans.StatefulSets.Workloads.Programs.Tools;

/// <summary>Writes an archive of files and directories.</summary>
internal sealed class TarWriter(ToolCall call, Accounts accounts, (IFileTree Tree, long Node)? archive)
{
    private const int EndBlocks = 2;
    private const int Record = 20 * TarHeader.Block;
    private readonly Dictionary<(IFileTree, long), string> linked = [];
    private readonly List<string> excluded = [];
    private Func<ReadOnlyMemory<byte>, ValueTask> write = _ => default;
    private long total;
    private bool saidStripping;

    public async ValueTask RunAsync(Func<ReadOnlyMemory<byte>, ValueTask> output)
    {
        write = output;
        excluded.AddRange(call.Options.Values('E'));
        foreach (var path in call.Options.Values('X'))
        {
            excluded.AddRange((await call.ReadAllAsync(path)).Split('\n', StringSplitOptions.RemoveEmptyEntries));
        }

        var paths = call.Operands.ToList();
        foreach (var path in call.Options.Values('T'))
        {
            paths.AddRange((await call.ReadAllAsync(path)).Split('\n', StringSplitOptions.RemoveEmptyEntries));
        }

        foreach (var path in paths)
        {
            await AddAsync(path);
        }

        await PutAsync(new byte[EndBlocks * TarHeader.Block]);
        await PutAsync(new byte[(int)((Record - (total % Record)) % Record)]);
        if (call.Status != 0)
        {
            await call.ComplainAsync("error exit delayed from previous errors");
        }
    }

    private async ValueTask AddAsync(string path)
    {
        await call.Process.StepAsync();
        var name = await NameOfAsync(path);
        if (excluded.Exists(pattern => Glob.Matches(pattern, path) || Glob.Matches(pattern, ToolCall.LastSegment(path))))
        {
            return;
        }

        (FileNode Node, Mount Mount, string Path) at = (null!, null!, "");
        if (!await call.TryAsync(async () => at = await call.Files.LocateAsync(call.By, path, call.Has('h')), error => $"{path}: {error}"))
        {
            return;
        }

        if (archive == (at.Mount.Tree, at.Node.Number))
        {
            await call.ComplainAsync($"{path}: file is the archive; skipping");
            return;
        }

        if (name.Length > 0)
        {
            await WriteMemberAsync(path, name, at.Node, at.Mount.Tree);
        }

        if (at.Node.IsDirectory)
        {
            IReadOnlyList<DirectoryEntry> entries = [];
            await call.TryAsync(async () => entries = await call.Files.ListAsync(call.By, path), error => $"can't open '{path}': {error}");
            foreach (var entry in entries)
            {
                await AddAsync(ToolCall.Join(path, entry.Name));
            }
        }
    }

    private async ValueTask<string> NameOfAsync(string path)
    {
        var name = path.TrimStart('/');
        if (name.Length < path.Length && !saidStripping)
        {
            saidStripping = true;
            await call.ComplainAsync("removing leading '/' from member names");
        }

        var up = name.LastIndexOf("../", StringComparison.Ordinal);
        return up >= 0 && (up == 0 || name[up - 1] == '/') ? name[(up + 3)..] : name;
    }

    private async ValueTask WriteMemberAsync(string path, string name, FileNode node, IFileTree tree)
    {
        var (type, link) = node.Kind switch
        {
            FileKind.Directory => ('5', ""),
            FileKind.SymbolicLink => ('2', node.Target!),
            FileKind.CharacterDevice => ('3', ""),
            FileKind.NamedPipe => ('6', ""),
            _ => ('0', ""),
        };
        if (type == '0' && node.Links > 1 && !linked.TryAdd((tree, node.Number), name))
        {
            (type, link) = ('1', linked[(tree, node.Number)]);
        }

        var shown = type == '5' ? name.TrimEnd('/') + "/" : name;
        var size = type == '0' ? node.Size : 0;
        var header = new TarHeader(shown, type, node.Mode, node.Uid, node.Gid, size, node.Modified, link, accounts.UserName(node.Uid) ?? "", accounts.GroupName(node.Gid) ?? "");
        Processes.IOpenFile? file = null;
        if (type == '0' && !await call.TryAsync(async () => file = await call.OpenAsync(path, OpenMode.Read), error => $"can't open '{path}': {error}"))
        {
            return;
        }

        if (call.Has('v'))
        {
            await (call.Value('f') is null or "-" ? call.Process.ComplainAsync(shown + "\n") : call.WriteLineAsync(shown));
        }

        await PutAsync(header.ToBytes());
        if (file is not null)
        {
            await CopyAsync(new ByteReader(call, file), size);
            await call.CloseAsync(file);
        }
    }

    /// <summary>Exactly as many bytes as the header said, whatever happens to the file meanwhile.</summary>
    private async ValueTask CopyAsync(ByteReader reader, long size)
    {
        var left = size;
        while (left > 0 && await reader.ReadBlockAsync((int)Math.Min(left, int.MaxValue)) is { IsEmpty: false } block)
        {
            await PutAsync(block);
            left -= block.Length;
        }

        if (left > 0)
        {
            await call.FailAsync("short read");
        }

        while (left > 0)
        {
            var zeros = new byte[(int)Math.Min(left, 65_536)];
            await PutAsync(zeros);
            left -= zeros.Length;
        }

        await PutAsync(new byte[TarHeader.Padding(size)]);
    }

    private ValueTask PutAsync(ReadOnlyMemory<byte> bytes)
    {
        total += bytes.Length;
        return bytes.IsEmpty ? default : write(bytes);
    }
}
