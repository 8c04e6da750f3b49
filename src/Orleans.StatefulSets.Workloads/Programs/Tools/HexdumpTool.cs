using System.Globalization;
using System.Text;

namespace Orleans.StatefulSets.Workloads.Programs.Tools;

/// <summary>hexdump and hd: bytes in hexadecimal.</summary>
internal sealed class HexdumpTool() : Tool("bcdoxCvn:s:e:f:", "[-bcdoxCv] [-n LEN] [-s OFS] [FILE]...", "hexdump", "hd")
{
    private const int Row = 16;

    protected override async ValueTask RunAsync(ToolCall call)
    {
        var style = call.Name == "hd" ? 'C' : call.Options.LastOf("bcdoxC");
        var most = call.Value('n') is { } count ? ToolCall.Number(count, suffixes: true) : long.MaxValue;
        var skip = call.Value('s') is { } start ? ToolCall.Number(start, suffixes: true) : 0;
        var (bytes, total) = (new List<byte>(), 0L);
        var (offset, last, starred) = (skip, Array.Empty<byte>(), false);
        await call.ForEachInputAsync(async (_, reader) =>
        {
            for (; skip > 0 && await reader.ReadBlockAsync((int)Math.Min(skip, int.MaxValue)) is { IsEmpty: false } skipped; skip -= skipped.Length)
            {
                await call.Process.StepAsync();
            }

            while (total < most && await reader.ReadBlockAsync((int)Math.Min(Row - bytes.Count, Math.Min(most - total, int.MaxValue))) is { IsEmpty: false } block)
            {
                bytes.AddRange(block.Span);
                total += block.Length;
                if (bytes.Count == Row)
                {
                    await ShowAsync();
                }
            }
        });
        await (bytes.Count > 0 ? ShowAsync() : default);
        if (total > 0)
        {
            await call.WriteLineAsync(offset.ToString(style == 'C' ? "x8" : "x7", CultureInfo.InvariantCulture));
        }

        async ValueTask ShowAsync()
        {
            var row = bytes.ToArray();
            bytes.Clear();
            if (!call.Has('v') && row.AsSpan().SequenceEqual(last))
            {
                await (starred ? default : call.WriteAsync("*\n"));
                starred = true;
            }
            else
            {
                (starred, last) = (false, row);
                await call.WriteLineAsync(style == 'C' ? Canonical(row, offset) : offset.ToString("x7", CultureInfo.InvariantCulture) + Cells(row, style));
            }

            offset += row.Length;
        }
    }

    private static string Canonical(byte[] row, long offset)
    {
        var text = new StringBuilder(offset.ToString("x8", CultureInfo.InvariantCulture)).Append("  ");
        for (var at = 0; at < Row; at++)
        {
            text.Append(at < row.Length ? row[at].ToString("x2", CultureInfo.InvariantCulture) : "  ").Append(at == 7 ? "  " : " ");
        }

        return text.Append(" |").Append(string.Concat(row.Select(value => value is >= 32 and < 127 ? (char)value : '.'))).Append('|').ToString();
    }

    private static string Cells(byte[] row, char style)
    {
        if (style is 'b' or 'c')
        {
            return string.Concat(row.Select(value => style == 'b' ? " " + Convert.ToString(value, 8).PadLeft(3, '0') : ByteLetters.Of(value).PadLeft(4))).PadRight(Row * 4);
        }

        var words = row.Chunk(2).Select(pair => pair[0] | (pair.Length > 1 ? pair[1] << 8 : 0));
        return string.Concat(words.Select(word => style switch
        {
            'd' => "   " + word.ToString("00000", CultureInfo.InvariantCulture),
            'o' => "  " + Convert.ToString(word, 8).PadLeft(6, '0'),
            'x' => "    " + word.ToString("x4", CultureInfo.InvariantCulture),
            _ => " " + word.ToString("x4", CultureInfo.InvariantCulture),
        })).PadRight(style == '\0' ? Row / 2 * 5 : Row / 2 * 8);
    }
}
