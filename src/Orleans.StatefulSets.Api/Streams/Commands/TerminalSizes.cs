using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using System.Threading.Channels;

namespace Orleans.StatefulSets.Api.Streams.Commands;

/// <summary>The sizes that a client's terminal takes, as it sends them: <c>{"Width":101,"Height":33}</c>.</summary>
internal static class TerminalSizes
{
    private const int MostBytes = 256;

    /// <summary>Only the newest size counts.</summary>
    public static Channel<TerminalSize> NewChannel() => Channel.CreateBounded<TerminalSize>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });

    /// <summary>One message's size, or null where it is none.</summary>
    public static TerminalSize? Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            var reader = new Utf8JsonReader(json);
            return JsonSerializer.Deserialize<TerminalSize>(ref reader);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Reads sizes one behind the other, to the end of the stream.</summary>
    public static async Task ReadAllAsync(PipeReader from, ChannelWriter<TerminalSize> to, CancellationToken cancellation)
    {
        try
        {
            while (true)
            {
                var read = await from.ReadAsync(cancellation);
                var bytes = read.Buffer;
                while (bytes.PositionOf((byte)'}') is { } end)
                {
                    var next = bytes.GetPosition(1, end);
                    if (bytes.Slice(0, next) is { Length: <= MostBytes } one && Parse(one.ToArray()) is { } size)
                    {
                        to.TryWrite(size);
                    }

                    bytes = bytes.Slice(next);
                }

                if (read.IsCompleted || bytes.Length > MostBytes)
                {
                    return;
                }

                from.AdvanceTo(bytes.Start, bytes.End);
            }
        }
        catch (OperationCanceledException)
        {
            // The session ended.
        }
        finally
        {
            await from.CompleteAsync();
        }
    }
}
