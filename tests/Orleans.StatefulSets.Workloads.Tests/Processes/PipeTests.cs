using Orleans.StatefulSets.Workloads.Files;
using Orleans.StatefulSets.Workloads.Processes;

namespace Orleans.StatefulSets.Workloads.Tests.Processes;

public sealed class PipeTests
{
    private readonly byte[] buffer = new byte[100_000];

    [Fact]
    public async Task BytesComeOutInTheOrderTheyWentInAcrossTheRingsEdge()
    {
        var (reader, writer) = Pipe.Open(4096);
        var (sent, got) = (new List<byte>(), new List<byte>());
        for (var i = 0; i < 50; i++)
        {
            var piece = Enumerable.Range(0, 700 + i).Select(n => (byte)(n * 7 + i)).ToArray();
            sent.AddRange(piece);
            await writer.WriteAsync(piece, default);
            for (var left = piece.Length; left > 0;)
            {
                var count = await reader.ReadAsync(buffer.AsMemory(0, Math.Min(left, 333)), default);
                got.AddRange(buffer[..count]);
                left -= count;
            }
        }

        Assert.Equal(sent, got);
    }

    [Fact]
    public async Task AWriterWaitsWhenThePipeIsFullAndGoesOnWhenItIsRead()
    {
        var (reader, writer) = Pipe.Open(4096);
        var writing = writer.WriteAsync(new byte[10_000], default).AsTask();
        Assert.False(writing.IsCompleted);
        var total = 0;
        while (total < 10_000)
        {
            total += await reader.ReadAsync(buffer, default);
        }

        await writing.WaitAsync(TimeSpan.FromSeconds(5));
        Assert.Equal(10_000, total);
    }

    [Fact]
    public async Task AReaderGetsTheEndOnlyWhenEveryWriterClosed()
    {
        var (reader, writer) = Pipe.Open(4096);
        writer.Share();
        await writer.CloseAsync();
        var reading = reader.ReadAsync(buffer, default).AsTask();
        Assert.False(reading.IsCompleted);
        await writer.CloseAsync();
        Assert.Equal(0, await reading.WaitAsync(TimeSpan.FromSeconds(5)));
    }

    [Fact]
    public async Task AWriterIsToldThatNobodyReadsEvenWhileItWaits()
    {
        var (reader, writer) = Pipe.Open(4096);
        var writing = writer.WriteAsync(new byte[10_000], default).AsTask();
        await reader.CloseAsync();
        Assert.Equal(Errno.EPIPE, (await Assert.ThrowsAsync<FileException>(() => writing)).Code);
    }

    [Fact]
    public async Task AKilledReaderStopsWaiting()
    {
        var (reader, _) = Pipe.Open(4096);
        using var killed = new CancellationTokenSource();
        var reading = reader.ReadAsync(buffer, killed.Token).AsTask();
        await killed.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
    }

    [Fact]
    public async Task ASinkKeepsUpToItsBoundAndThenRefuses()
    {
        var sink = new ByteSink(10);
        await sink.WriteAsync(new byte[10], default);
        Assert.Equal(Errno.EPIPE, Assert.Throws<FileException>(() => { _ = sink.WriteAsync(new byte[1], default); }).Code);
        Assert.True(sink.Overflowed);
        Assert.Equal(10, sink.Bytes.Length);
        Assert.False(sink.Closed.IsCompleted);
        await sink.CloseAsync();
        Assert.True(sink.Closed.IsCompleted);
    }
}
