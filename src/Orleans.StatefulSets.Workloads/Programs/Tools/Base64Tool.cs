using System.Buffers.Text;
using Orleans.StatefulSets.Workloads.Text;

namespace Orleans.StatefulSets.Workloads.Programs.Tools;

/// <summary>base64: bytes as text and back.</summary>
internal sealed class Base64Tool() : Tool("dw: decode=d wrap=w", "[-d] [-w COL] [FILE]", "base64")
{
    private const int DefaultWidth = 76;

    protected override async ValueTask RunAsync(ToolCall call)
    {
        if (call.Operands.Count > 1)
        {
            throw new UsageException();
        }

        var text = "";
        var path = call.Operands.Count == 0 ? "-" : call.Operands[0];
        if (!await call.TryAsync(async () => text = await call.ReadAllAsync(path), error => $"can't open '{path}': {error}"))
        {
            return;
        }

        await (call.Has('d') ? DecodeAsync(call, text) : EncodeAsync(call, text));
    }

    private static async ValueTask EncodeAsync(ToolCall call, string text)
    {
        var encoded = Convert.ToBase64String(ByteText.ToBytes(text));
        var width = call.Value('w') is { } given ? (int)ToolCall.Number(given) : DefaultWidth;
        for (var at = 0; at < encoded.Length; at += width)
        {
            if (width <= 0)
            {
                await call.WriteAsync(encoded);
                return;
            }

            await call.WriteLineAsync(encoded.Substring(at, Math.Min(width, encoded.Length - at)));
        }
    }

    private static async ValueTask DecodeAsync(ToolCall call, string text)
    {
        var clean = string.Concat(text.Where(letter => !char.IsWhiteSpace(letter)));
        var whole = clean.Length / 4 * 4;
        if (whole == clean.Length && Base64.IsValid(clean))
        {
            await call.WriteAsync(Convert.FromBase64String(clean));
            return;
        }

        var valid = clean.TakeWhile(letter => char.IsAsciiLetterOrDigit(letter) || letter is '+' or '/').Count() / 4 * 4;
        await call.WriteAsync(Convert.FromBase64String(clean[..valid]));
        await call.FailAsync("truncated input");
    }
}
