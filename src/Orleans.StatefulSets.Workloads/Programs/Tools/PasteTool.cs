using Orleans.StatefulSets.Workloads.Files;

namespace Orleans.StatefulSets.Workloads.Programs.Tools;

/// <summary>paste: lines of several files side by side.</summary>
internal sealed class PasteTool() : Tool("d:s delimiters=d serial=s", "[-d LIST] [-s] [FILE]...", "paste")
{
    protected override async ValueTask RunAsync(ToolCall call)
    {
        var delimiters = Escapes.Expand((call.Value('d') ?? "\t").Replace("\\0", "\u0001", StringComparison.Ordinal));
        var readers = new List<ByteReader>();
        foreach (var path in call.Operands.Count == 0 ? ["-"] : call.Operands)
        {
            try
            {
                readers.Add(await call.OpenReaderAsync(path));
            }
            catch (FileException failure)
            {
                throw new UsageException($"{path}: {failure.Message}", withUsage: false);
            }
        }

        await (call.Has('s') ? SerialAsync(call, readers, delimiters) : ParallelAsync(call, readers, delimiters));
    }

    private static async ValueTask ParallelAsync(ToolCall call, List<ByteReader> readers, string delimiters)
    {
        while (true)
        {
            var parts = new List<string?>();
            foreach (var reader in readers)
            {
                parts.Add(await reader.ReadLineAsync());
            }

            if (parts.TrueForAll(part => part is null))
            {
                return;
            }

            for (var index = 0; index < parts.Count; index++)
            {
                await call.WriteAsync((index > 0 ? Delimiter(delimiters, index - 1) : "") + ToolCall.Chomp(parts[index] ?? ""));
            }

            await call.WriteAsync("\n");
        }
    }

    private static async ValueTask SerialAsync(ToolCall call, List<ByteReader> readers, string delimiters)
    {
        foreach (var reader in readers)
        {
            for (var index = 0; await reader.ReadLineAsync() is { } line; index++)
            {
                await call.WriteAsync((index > 0 ? Delimiter(delimiters, index - 1) : "") + ToolCall.Chomp(line));
            }

            await call.WriteAsync("\n");
        }
    }

    private static string Delimiter(string delimiters, int index) =>
        delimiters.Length == 0 || delimiters[index % delimiters.Length] == '\u0001' ? "" : delimiters[index % delimiters.Length].ToString();
}
