using System.IO.Compression;
using Orleans.StatefulSets.Workloads.Files;

namespace Orleans.StatefulSets.Workloads.Programs.Tools;

/// <summary>gzip, gunzip, zcat: packs and unpacks files.</summary>
internal sealed class GzipTool() : Tool("cfkdtv123456789nqS: stdout=c force=f keep=k decompress=d test=t verbose=v fast=1 best=9 to-stdout=c", "[-cfkdt123456789] [FILE]...", "gzip", "gunzip", "zcat")
{
    protected override async ValueTask RunAsync(ToolCall call)
    {
        var unpack = call.Name != "gzip" || call.Options.HasAny("dt");
        foreach (var path in call.Operands.Count == 0 ? ["-"] : call.Operands)
        {
            var toOutput = path == "-" || call.Name == "zcat" || call.Options.HasAny("ct");
            await call.TryAsync(() => RunAsync(call, path, unpack, toOutput), error => $"{path}: {error}");
        }
    }

    private static async ValueTask RunAsync(ToolCall call, string path, bool unpack, bool toOutput)
    {
        var node = path == "-" ? null : await call.Files.StatAsync(call.By, path);
        if (node?.IsDirectory == true)
        {
            throw new FileException(Errno.EISDIR);
        }

        var goal = Goal(path, unpack);
        if (!toOutput && goal is null)
        {
            await call.FailAsync($"{path}: unknown suffix - ignored");
            return;
        }

        if (!toOutput && !call.Has('f') && await call.FindAsync(goal!) is not null)
        {
            await call.FailAsync($"can't open '{goal}': File exists");
            return;
        }

        var reader = await call.OpenReaderAsync(path);
        var written = toOutput ? null : await call.OpenAsync(goal!, OpenMode.Write | OpenMode.Create | OpenMode.Truncate, node!.Mode & 0x1FF);
        ValueTask Write(ReadOnlyMemory<byte> bytes) => call.Has('t') ? default : written is null ? call.WriteAsync(bytes) : written.WriteAsync(bytes, call.Process.Killed);
        var whole = unpack ? await UnpackAsync(call, reader, Write) : await PackAsync(call, reader, Write);
        await reader.CloseAsync();
        if (written is null)
        {
            return;
        }

        await call.CloseAsync(written);
        await call.Files.ChangeAsync(call.By, goal!, new AttributeChange { Modified = node!.Modified, Accessed = node.Accessed });
        if (!whole || !call.Has('k'))
        {
            await call.Files.RemoveFileAsync(call.By, whole ? path : goal!);
        }
    }

    private static string? Goal(string path, bool unpack)
    {
        if (!unpack)
        {
            return path + ".gz";
        }

        return path.EndsWith(".gz", StringComparison.Ordinal) ? path[..^3] : path.EndsWith(".tgz", StringComparison.Ordinal) ? path[..^4] + ".tar" : null;
    }

    private static async ValueTask<bool> PackAsync(ToolCall call, ByteReader reader, Func<ReadOnlyMemory<byte>, ValueTask> write)
    {
        var level = call.Options.LastOf("123456789") is '1' or '2' or '3' ? CompressionLevel.Fastest : CompressionLevel.Optimal;
        var packed = new MemoryStream();
        using (var packer = new GZipStream(packed, level, leaveOpen: true))
        {
            while (await reader.ReadBlockAsync() is { IsEmpty: false } block)
            {
                packer.Write(block.Span);
                await DrainAsync(packed, write);
            }
        }

        await DrainAsync(packed, write);
        return true;
    }

    private static async ValueTask DrainAsync(MemoryStream packed, Func<ReadOnlyMemory<byte>, ValueTask> write)
    {
        if (packed.Length > 0)
        {
            await write(packed.ToArray());
            packed.SetLength(0);
        }
    }

    private static async ValueTask<bool> UnpackAsync(ToolCall call, ByteReader reader, Func<ReadOnlyMemory<byte>, ValueTask> write)
    {
        var unpacked = new UnpackedFile(call, reader);
        var buffer = new byte[16_384];
        try
        {
            int count;
            while ((count = await unpacked.ReadAsync(buffer, call.Process.Killed)) > 0)
            {
                await write(buffer.AsMemory(0, count).ToArray());
            }

            return true;
        }
        catch (InvalidDataException failure)
        {
            await call.FailAsync(failure.Message);
            return false;
        }
    }
}
