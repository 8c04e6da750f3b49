using System.Formats.Tar;
using System.Globalization;
using System.Security.Cryptography;
using Orleans.StatefulSets.Grains.Streaming;

namespace Orleans.StatefulSets.Api.Tests.Cluster;

/// <summary>The programs of scripted pods.</summary>
internal static class ScriptedPrograms
{
    /// <summary>Bytes that tell where they stand, so that lost, doubled or moved ones show.</summary>
    public static byte[] Pattern(int length, int from = 0)
    {
        var bytes = new byte[length];
        for (var i = 0; i < length; i++)
        {
            bytes[i] = (byte)(((from + i) * 2654435761u) >> 24);
        }

        return bytes;
    }

    public static async Task<ProcessEnd> RunAsync(ScriptedPods pods, ScriptedProcess process, IReadOnlyList<string> command)
    {
        switch (command[0])
        {
            case "echo":
                await process.WriteAsync(string.Join(' ', command.Skip(1)) + "\n");
                return new ProcessEnd(0);
            case "complain":
                await process.WriteAsync("out\n");
                await process.WriteAsync("err\n", isError: true);
                return new ProcessEnd(int.Parse(command[1], CultureInfo.InvariantCulture));
            case "cat":
                await CopyAsync(process);
                return new ProcessEnd(0);
            case "sum":
                await process.WriteAsync(Convert.ToHexStringLower(await SHA256.HashDataAsync(process.Input, process.HungUp)) + "\n");
                return new ProcessEnd(0);
            case "bytes":
                await GiveAsync(process, int.Parse(command[1], CultureInfo.InvariantCulture));
                return new ProcessEnd(0);
            case "endless":
                await GiveAsync(process, int.MaxValue);
                return new ProcessEnd(0);
            case "size":
                var (columns, rows) = await process.Sizes.ReadAsync(process.HungUp);
                await process.WriteAsync($"{columns}x{rows}\r\n");
                return new ProcessEnd(0);
            case "sleep":
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, process.HungUp);
                return new ProcessEnd(0);
            case "lose":
                throw new TimeoutException("the node did not answer");
            case "test":
                return new ProcessEnd(1);
            case "tar":
                return await TarAsync(pods, process, command);
            default:
                return new ProcessEnd(0, $"failed to exec in container: exec: \"{command[0]}\": executable file not found in $PATH: unknown");
        }
    }

    private static async Task CopyAsync(ScriptedProcess process)
    {
        var buffer = new byte[10_000];
        var input = process.Input;
        while (await input.ReadAsync(buffer, process.HungUp) is > 0 and var count)
        {
            await process.WriteAsync(buffer[..count]);
        }
    }

    private static async Task GiveAsync(ScriptedProcess process, int length)
    {
        const int piece = 50_000;
        for (var from = 0; from < length; from += piece)
        {
            await process.WriteAsync(Pattern(Math.Min(piece, length - from), from));
        }
    }

    // tar -xmf - -C <folder>, and tar cf - <file>: what kubectl cp runs.
    private static async Task<ProcessEnd> TarAsync(ScriptedPods pods, ScriptedProcess process, IReadOnlyList<string> command)
    {
        if (command[1].Contains('x', StringComparison.Ordinal))
        {
            using var whole = new MemoryStream();
            await process.Input.CopyToAsync(whole, process.HungUp);
            whole.Position = 0;
            await using var archive = new TarReader(whole);
            while (await archive.GetNextEntryAsync() is { } entry)
            {
                using var content = new MemoryStream();
                entry.DataStream?.CopyTo(content);
                pods.Files[$"{command[^1]}/{entry.Name}"] = content.ToArray();
            }

            return new ProcessEnd(0);
        }

        using var packed = new MemoryStream();
        await using (var archive = new TarWriter(packed, leaveOpen: true))
        {
            await archive.WriteEntryAsync(new UstarTarEntry(TarEntryType.RegularFile, command[^1].TrimStart('/')) { DataStream = new MemoryStream(pods.Files[command[^1]]) });
        }

        await process.WriteAsync(packed.ToArray());
        return new ProcessEnd(0);
    }
}
