using System.Globalization;

namespace Orleans.StatefulSets.Workloads.Programs.Tools;

/// <summary>od: bytes as numbers and letters.</summary>
internal sealed class OdTool() : Tool("A:t:N:j:vcxobdaw:: width=w address-radix=A format=t read-bytes=N skip-bytes=j", "[-aBbcDdeFfHhIiLlOovXx] [-t TYPE] [-A RADIX] [-N SIZE] [-j SKIP] [FILE]...", "od")
{
    private const int Row = 16;
    private static readonly string[] Named = ["nul", "soh", "stx", "etx", "eot", "enq", "ack", "bel", "bs", "ht", "nl", "vt", "ff", "cr", "so", "si", "dle", "dc1", "dc2", "dc3", "dc4", "nak", "syn", "etb", "can", "em", "sub", "esc", "fs", "gs", "rs", "us", "sp"];

    protected override async ValueTask RunAsync(ToolCall call)
    {
        var formats = call.Options.All.Select(Format).OfType<string>().ToList();
        if (formats.Count == 0)
        {
            formats.Add("o2");
        }

        var most = call.Value('N') is { } count ? ToolCall.Number(count, suffixes: true) : long.MaxValue;
        var skip = call.Value('j') is { } start ? ToolCall.Number(start, suffixes: true) : 0;
        var (offset, pending, last, starred) = (skip, new List<byte>(), Array.Empty<byte>(), false);
        await call.ForEachInputAsync(async (_, reader) =>
        {
            for (; skip > 0 && await reader.ReadBlockAsync((int)Math.Min(skip, int.MaxValue)) is { IsEmpty: false } skipped; skip -= skipped.Length)
            {
                await call.Process.StepAsync();
            }

            while (most > 0 && await reader.ReadBlockAsync((int)Math.Min(Math.Min(most, int.MaxValue), Row - pending.Count)) is { IsEmpty: false } block)
            {
                pending.AddRange(block.Span);
                most -= block.Length;
                if (pending.Count == Row)
                {
                    await ShowAsync();
                }
            }
        });
        if (pending.Count > 0)
        {
            await ShowAsync();
        }

        await call.WriteAsync((offset > 0 || call.Status == 0) && Address(call, offset) is { Length: > 0 } end ? end + "\n" : "");

        async ValueTask ShowAsync()
        {
            var bytes = pending.ToArray();
            pending.Clear();
            if (!call.Has('v') && bytes.Length == Row && bytes.AsSpan().SequenceEqual(last))
            {
                await (starred ? default : call.WriteAsync("*\n"));
                starred = true;
            }
            else
            {
                starred = false;
                last = bytes;
                for (var index = 0; index < formats.Count; index++)
                {
                    var address = Address(call, offset);
                    await call.WriteLineAsync((index == 0 ? address : new string(' ', address.Length)) + string.Concat(Cells(bytes, formats[index])));
                }
            }

            offset += bytes.Length;
        }
    }

    private static string? Format((char Letter, string Value) option) => option.Letter switch
    {
        'c' => "c",
        'a' => "a",
        'x' => "x2",
        'o' => "o2",
        'b' => "o1",
        'd' => "u2",
        't' => option.Value.Length == 1 && option.Value[0] is 'x' or 'o' or 'd' or 'u' ? option.Value + "4" : option.Value.TrimEnd('z'),
        _ => null,
    };

    private static string Address(ToolCall call, long offset) => (call.Value('A') ?? "o") switch
    {
        "n" => "",
        "d" => offset.ToString("0000000", CultureInfo.InvariantCulture),
        "x" => offset.ToString("x6", CultureInfo.InvariantCulture),
        _ => Convert.ToString(offset, 8).PadLeft(7, '0'),
    };

    private static IEnumerable<string> Cells(byte[] bytes, string format)
    {
        if (format is "c" or "a")
        {
            return bytes.Select(value => (format == "c" ? ByteLetters.Of(value) : (value & 127) is var low && low < Named.Length ? Named[low] : low == 127 ? "del" : ((char)low).ToString()).PadLeft(4));
        }

        var size = format.Length > 1 && format[1] is '1' or '2' or '4' or '8' ? format[1] - '0' : throw new UsageException($"invalid type string '{format}'", withUsage: false);
        return bytes.Chunk(size).Select(chunk => Cell(chunk, format[0], size));
    }

    private static string Cell(byte[] chunk, char kind, int size)
    {
        var value = 0UL;
        for (var at = chunk.Length - 1; at >= 0; at--)
        {
            value = (value << 8) | chunk[at];
        }

        var signed = (long)(value << (64 - (8 * size))) >> (64 - (8 * size));
        return " " + kind switch
        {
            'x' => value.ToString($"x{size * 2}", CultureInfo.InvariantCulture),
            'o' => Convert.ToString((long)value, 8).PadLeft(((size * 8) + 2) / 3, '0'),
            'u' => value.ToString(CultureInfo.InvariantCulture).PadLeft(size switch { 1 => 3, 2 => 5, 4 => 10, _ => 20 }),
            'd' => signed.ToString(CultureInfo.InvariantCulture).PadLeft(size switch { 1 => 4, 2 => 6, 4 => 11, _ => 20 }),
            _ => throw new UsageException($"invalid type string '{kind}'", withUsage: false),
        };
    }
}
