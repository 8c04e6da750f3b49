using System.Globalization;
using Orleans.StatefulSets.Workloads.Files;
using Orleans.StatefulSets.Workloads.Processes;

namespace Orleans.StatefulSets.Workloads.Programs.Tools;

/// <summary>dd: copies bytes by blocks.</summary>
internal sealed class DdTool() : Tool(
    "+",
    "[if=FILE] [of=FILE] [ibs=N obs=N/bs=N] [count=N] [skip=N] [seek=N]\n\t[conv=notrunc|noerror|sync|fsync]\n\t[iflag=skip_bytes|count_bytes|fullblock|direct] [oflag=seek_bytes|append|direct]",
    "dd")
{
    private const int LargestBlock = 16 << 20;
    private static readonly string[] Known = ["if", "of", "bs", "ibs", "obs", "count", "skip", "seek", "conv", "iflag", "oflag", "status"];

    protected override async ValueTask RunAsync(ToolCall call)
    {
        var given = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var operand in call.Operands)
        {
            var equals = operand.IndexOf('=', StringComparison.Ordinal);
            if (equals < 0 || !Known.Contains(operand[..equals]))
            {
                throw new UsageException();
            }

            given[operand[..equals]] = operand[(equals + 1)..];
        }

        var block = (int)Math.Clamp(Number(given, "bs") ?? Number(given, "ibs") ?? 512, 1, LargestBlock);
        var outBlock = (int)Math.Clamp(Number(given, "bs") ?? Number(given, "obs") ?? 512, 1, LargestBlock);
        var (input, output) = (await OpenInputAsync(call, given), await OpenOutputAsync(call, given, outBlock));
        var started = call.Clock.GetTimestamp();
        var count = new DdCount();
        try
        {
            await SkipAsync(call, input, Flags(given, "iflag").Contains("skip_bytes") ? Number(given, "skip") ?? 0 : (Number(given, "skip") ?? 0) * block);
            var reader = new ByteReader(call, input);
            await CopyAsync(call, given, reader, output, block, count);
            if (given.GetValueOrDefault("conv", "").Split(',').Contains("fsync"))
            {
                await (output.File?.Tree.FlushAsync() ?? default);
            }
        }
        catch (FileException failure) when (failure.Code != Errno.EPIPE)
        {
            await call.FailAsync($"error {(count.Reading ? "reading" : "writing")} '{given.GetValueOrDefault(count.Reading ? "if" : "of", count.Reading ? "standard input" : "standard output")}': {failure.Message}");
        }

        if (given.GetValueOrDefault("status") != "none")
        {
            await ReportAsync(call, count, call.Clock.GetElapsedTime(started), given.GetValueOrDefault("status") == "noxfer");
        }
    }

    private sealed class DdCount
    {
        public long FullIn { get; set; }

        public long PartIn { get; set; }

        public long FullOut { get; set; }

        public long PartOut { get; set; }

        public long Bytes { get; set; }

        public bool Reading { get; set; }
    }

    private static async ValueTask<IOpenFile> OpenInputAsync(ToolCall call, Dictionary<string, string> given)
    {
        if (!given.TryGetValue("if", out var path))
        {
            return call.Process.Input ?? throw new FileException(Errno.EBADF);
        }

        try
        {
            return await call.OpenAsync(path, OpenMode.Read);
        }
        catch (FileException failure)
        {
            throw new UsageException($"can't open '{path}': {failure.Message}", withUsage: false);
        }
    }

    private static async ValueTask<IOpenFile> OpenOutputAsync(ToolCall call, Dictionary<string, string> given, int block)
    {
        var seek = (Number(given, "seek") ?? 0) * (Flags(given, "oflag").Contains("seek_bytes") ? 1 : block);
        if (!given.TryGetValue("of", out var path))
        {
            return call.Process.Files[1] ?? throw new FileException(Errno.EBADF);
        }

        try
        {
            var keep = given.GetValueOrDefault("conv", "").Split(',').Contains("notrunc") || seek > 0;
            var append = Flags(given, "oflag").Contains("append");
            var file = await call.OpenAsync(path, OpenMode.Write | OpenMode.Create | (keep || append ? 0 : OpenMode.Truncate) | (append ? OpenMode.Append : 0));
            if (file is RegularFile regular)
            {
                regular.Offset = seek;
                if (seek > 0 && !given.GetValueOrDefault("conv", "").Split(',').Contains("notrunc"))
                {
                    await call.Files.ChangeAsync(call.By, path, new AttributeChange { Size = seek });
                }
            }

            return file;
        }
        catch (FileException failure)
        {
            throw new UsageException($"can't open '{path}': {failure.Message}", withUsage: false);
        }
    }

    private static async ValueTask SkipAsync(ToolCall call, IOpenFile input, long bytes)
    {
        if (input is RegularFile regular)
        {
            regular.Offset += bytes;
            return;
        }

        var buffer = new byte[4096];
        while (bytes > 0)
        {
            await call.Process.StepAsync();
            var read = await input.ReadAsync(buffer.AsMemory(0, (int)Math.Min(bytes, buffer.Length)), call.Process.Killed);
            bytes = read == 0 ? 0 : bytes - read;
        }
    }

    private static async ValueTask CopyAsync(ToolCall call, Dictionary<string, string> given, ByteReader reader, IOpenFile output, int block, DdCount count)
    {
        var blocks = Number(given, "count") ?? long.MaxValue;
        var inBytes = Flags(given, "iflag").Contains("count_bytes");
        var pads = given.GetValueOrDefault("conv", "").Split(',').Contains("sync");
        for (var left = inBytes ? blocks : long.MaxValue; left > 0 && (inBytes || count.FullIn + count.PartIn < blocks);)
        {
            count.Reading = true;
            var bytes = await reader.ReadExactlyAsync((int)Math.Min(block, left));
            count.Reading = false;
            if (bytes.Length == 0)
            {
                return;
            }

            (count.FullIn, count.PartIn) = bytes.Length == block ? (count.FullIn + 1, count.PartIn) : (count.FullIn, count.PartIn + 1);
            left -= inBytes ? bytes.Length : 0;
            ReadOnlyMemory<byte> written = pads && bytes.Length < block ? [.. bytes, .. new byte[block - bytes.Length]] : bytes;
            await call.Process.StepAsync(1 + (written.Length / 4096));
            await output.WriteAsync(written, call.Process.Killed);
            (count.FullOut, count.PartOut) = written.Length == block ? (count.FullOut + 1, count.PartOut) : (count.FullOut, count.PartOut + 1);
            count.Bytes += written.Length;
        }
    }

    private static async ValueTask ReportAsync(ToolCall call, DdCount count, TimeSpan took, bool briefly)
    {
        await call.FlushAsync();
        await call.Process.ComplainAsync($"{count.FullIn}+{count.PartIn} records in\n{count.FullOut}+{count.PartOut} records out\n");
        if (!briefly)
        {
            var seconds = Math.Max(took.TotalSeconds, 0.000001);
            var text = count.Bytes < 1024 ? "" : $" ({LsFormat.Human(count.Bytes)}B)";
            await call.Process.ComplainAsync($"{count.Bytes} bytes{text} copied, {seconds.ToString("0.000000", CultureInfo.InvariantCulture)} seconds, {LsFormat.Human((long)(count.Bytes / seconds))}B/s\n");
        }
    }

    private static string[] Flags(Dictionary<string, string> given, string name) => given.GetValueOrDefault(name, "").Split(',');

    private static long? Number(Dictionary<string, string> given, string name) => given.TryGetValue(name, out var text) ? ToolCall.Number(text, suffixes: true) : null;
}
