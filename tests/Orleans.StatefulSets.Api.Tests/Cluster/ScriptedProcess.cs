using System.IO.Pipelines;
using System.Text;
using System.Threading.Channels;
using Orleans.StatefulSets.Grains.Streaming;

namespace Orleans.StatefulSets.Api.Tests.Cluster;

/// <summary>A process that runs a few lines of C#. It takes no more than it reads and gives no more than is taken.</summary>
public sealed class ScriptedProcess : IPodProcess
{
    private readonly Pipe input = new(new PipeOptions(pauseWriterThreshold: 64 * 1024, resumeWriterThreshold: 32 * 1024, useSynchronizationContext: false));
    private readonly Channel<ProcessOutput> output = Channel.CreateBounded<ProcessOutput>(4);
    private readonly Channel<(int Columns, int Rows)> sizes = Channel.CreateUnbounded<(int, int)>();
    private readonly CancellationTokenSource hungUp = new();
    private Exception? lost;
    private long given;

    public ScriptedProcess(Func<ScriptedProcess, Task<ProcessEnd>> script, bool hasInput)
    {
        if (!hasInput)
        {
            input.Writer.Complete();
        }

        _ = RunAsync(script);
    }

    public Stream Input => input.Reader.AsStream();

    public ChannelReader<(int Columns, int Rows)> Sizes => sizes.Reader;

    /// <summary>Ends when nobody looks at the process any more.</summary>
    public CancellationToken HungUp => hungUp.Token;

    /// <summary>How many bytes it has given away.</summary>
    public long Given => Interlocked.Read(ref given);

    public ProcessEnd? End { get; private set; }

    public async Task WriteAsync(ReadOnlyMemory<byte> bytes, bool isError = false)
    {
        await output.Writer.WriteAsync(new ProcessOutput(isError, bytes), HungUp);
        Interlocked.Add(ref given, bytes.Length);
    }

    public Task WriteAsync(string text, bool isError = false) => WriteAsync(Encoding.UTF8.GetBytes(text), isError);

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation) => await input.Writer.WriteAsync(bytes, cancellation);

    public ValueTask EndInputAsync(CancellationToken cancellation) => input.Writer.CompleteAsync();

    public ValueTask ResizeAsync(int columns, int rows, CancellationToken cancellation) => sizes.Writer.WriteAsync((columns, rows), cancellation);

    public async ValueTask<ProcessOutput?> ReadAsync(CancellationToken cancellation)
    {
        while (await output.Reader.WaitToReadAsync(cancellation))
        {
            if (output.Reader.TryRead(out var next))
            {
                return next;
            }
        }

        return lost is null ? null : throw lost;
    }

    public async ValueTask DisposeAsync()
    {
        await hungUp.CancelAsync();
        await input.Reader.CompleteAsync();
    }

    private async Task RunAsync(Func<ScriptedProcess, Task<ProcessEnd>> script)
    {
        await Task.Yield();
        try
        {
            End = await script(this);
        }
        catch (Exception failure)
        {
            lost = failure;
        }

        output.Writer.TryComplete();
    }
}
