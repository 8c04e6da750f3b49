using System.Security.Cryptography;
using Orleans.StatefulSets.Workloads.Files;
using Orleans.StatefulSets.Workloads.Network;

namespace Orleans.StatefulSets.Workloads.Tests.Network;

/// <summary>Connections between pods, whose ends run on different schedulers.</summary>
public sealed class DuplexTests
{
    private const int Window = 65_536;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task What_one_end_writes_the_other_reads_in_order_both_ways()
    {
        var (client, server) = Duplex.Open();
        await client.WriteAsync("ping"u8.ToArray(), default);
        await server.WriteAsync("pong!"u8.ToArray(), default);
        Assert.Equal("ping", await ReadAsync(server));
        Assert.Equal("po", await ReadAsync(client, 2));
        Assert.Equal("ng!", await ReadAsync(client));
    }

    [Fact]
    public async Task An_end_that_writes_no_more_still_reads()
    {
        var (client, server) = Duplex.Open();
        await client.WriteAsync("all"u8.ToArray(), default);
        client.EndWriting();
        Assert.Equal("all", await ReadAsync(server));
        Assert.Equal("", await ReadAsync(server));
        Assert.Equal("", await ReadAsync(server));
        await server.WriteAsync("answer"u8.ToArray(), default);
        Assert.Equal("answer", await ReadAsync(client));
        Assert.Equal(Errno.EPIPE, (await Assert.ThrowsAsync<FileException>(async () => await client.WriteAsync("more"u8.ToArray(), default))).Code);
    }

    [Fact]
    public async Task A_writer_waits_when_the_window_is_full_until_somebody_reads()
    {
        var (client, server) = Duplex.Open();
        var writing = client.WriteAsync(new byte[Window + 1], default).AsTask();
        Assert.False(writing.IsCompleted);
        Assert.Equal(Window, await server.ReadAsync(new byte[Window * 2], default));
        await writing.WaitAsync(Patience);
        Assert.Equal(1, await server.ReadAsync(new byte[10], default));
    }

    [Fact]
    public async Task What_was_sent_before_the_end_closed_arrives()
    {
        var (client, server) = Duplex.Open();
        await client.WriteAsync("last"u8.ToArray(), default);
        await client.CloseAsync();
        Assert.Equal("last", await ReadAsync(server));
        Assert.Equal("", await ReadAsync(server));
        Assert.Equal(Errno.EPIPE, (await Assert.ThrowsAsync<FileException>(async () => await server.WriteAsync("x"u8.ToArray(), default))).Code);
    }

    [Fact]
    public async Task A_reader_of_the_other_end_hears_the_end_when_this_one_closes()
    {
        var (client, server) = Duplex.Open();
        var reading = server.ReadAsync(new byte[10], default).AsTask();
        await client.CloseAsync();
        Assert.Equal(0, await reading.WaitAsync(Patience));
    }

    [Fact]
    public async Task A_writer_who_waits_hears_that_the_reader_went()
    {
        var (client, server) = Duplex.Open();
        var writing = client.WriteAsync(new byte[Window + 1], default).AsTask();
        await server.CloseAsync();
        Assert.Equal(Errno.EPIPE, (await Assert.ThrowsAsync<FileException>(() => writing.WaitAsync(Patience))).Code);
    }

    [Fact]
    public async Task A_reader_whose_own_end_is_closed_under_him_hears_it()
    {
        var (client, _) = Duplex.Open();
        var reading = client.ReadAsync(new byte[10], default).AsTask();
        await client.CloseAsync();
        Assert.Equal(Errno.EBADF, (await Assert.ThrowsAsync<FileException>(() => reading.WaitAsync(Patience))).Code);
    }

    [Fact]
    public async Task It_closes_with_the_last_who_shares_it()
    {
        var (client, server) = Duplex.Open();
        client.Share();
        await client.CloseAsync();
        await client.WriteAsync("open"u8.ToArray(), default);
        await client.CloseAsync();
        Assert.Equal("open", await ReadAsync(server));
        Assert.Equal("", await ReadAsync(server));
    }

    [Fact]
    public async Task A_reader_who_gives_up_loses_nothing()
    {
        var (client, server) = Duplex.Open();
        using (var patience = new CancellationTokenSource())
        {
            var reading = server.ReadAsync(new byte[10], patience.Token).AsTask();
            await patience.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
        }

        await client.WriteAsync("kept"u8.ToArray(), default);
        Assert.Equal("kept", await ReadAsync(server));
    }

    [Fact]
    public async Task Some_is_written_as_there_is_room_and_it_is_said_how_much()
    {
        var (client, server) = Duplex.Open();
        Assert.Equal(Window, await client.WriteSomeAsync(new byte[Window * 2], default));
        using var patience = new CancellationTokenSource();
        var waiting = client.WriteSomeAsync(new byte[10], patience.Token).AsTask();
        Assert.False(waiting.IsCompleted);
        await server.ReadAsync(new byte[4], default);
        Assert.Equal(4, await waiting.WaitAsync(Patience));

        var given = client.WriteSomeAsync(new byte[10], patience.Token).AsTask();
        await patience.CancelAsync();
        Assert.Equal(0, await given.WaitAsync(Patience));
    }

    [Fact]
    public async Task Random_pieces_between_two_schedulers_arrive_whole()
    {
        for (var seed = 1; seed <= 40; seed++)
        {
            var (client, server) = Duplex.Open();
            var bytes = new byte[new Random(seed).Next(1, 400_000)];
            new Random(-seed).NextBytes(bytes);
            var (there, back) = (Scheduler(), Scheduler());
            var sent = On(there, async () => await SendAsync(client, bytes, new Random(seed + 1000)));
            var echoed = On(back, async () => await EchoAsync(server, new Random(seed + 2000)));
            var received = On(there, async () => await ReceiveAsync(client, new Random(seed + 3000)));

            await Task.WhenAll(sent, echoed, received).WaitAsync(Patience);
            Assert.Equal((seed, Convert.ToHexString(SHA256.HashData(bytes))), (seed, Convert.ToHexString(SHA256.HashData(await received))));
        }
    }

    [Fact]
    public async Task Ends_that_are_closed_at_random_moments_give_a_beginning_of_what_was_sent_and_no_other_error()
    {
        for (var seed = 1; seed <= 200; seed++)
        {
            var chance = new Random(seed);
            var (client, server) = Duplex.Open();
            var bytes = new byte[chance.Next(1, 300_000)];
            new Random(-seed).NextBytes(bytes);
            var (there, back) = (Scheduler(), Scheduler());
            var sent = On(there, async () => await SendAsync(client, bytes, new Random(seed + 1000)));
            var received = On(back, async () => await ReceiveAsync(server, new Random(seed + 2000)));
            var end = chance.Next(2) == 0 ? client : server;
            var closed = On(chance.Next(2) == 0 ? there : back, async () =>
            {
                for (var turn = chance.Next(20); turn > 0; turn--)
                {
                    await Task.Yield();
                }

                await end.CloseAsync();
                return 0;
            });

            await Task.WhenAll(sent, received, closed).WaitAsync(Patience);
            var got = await received;
            Assert.True(bytes.AsSpan(0, got.Length).SequenceEqual(got), $"seed {seed}");
        }
    }

    private static TaskScheduler Scheduler() => new ConcurrentExclusiveSchedulerPair().ExclusiveScheduler;

    private static Task<T> On<T>(TaskScheduler scheduler, Func<Task<T>> work) => Task.Factory.StartNew(work, default, TaskCreationOptions.None, scheduler).Unwrap();

    private static async Task<int> SendAsync(Duplex to, ReadOnlyMemory<byte> bytes, Random chance)
    {
        try
        {
            while (bytes.Length > 0)
            {
                var piece = bytes[..Math.Min(bytes.Length, chance.Next(1, 20_000))];
                await to.WriteAsync(piece, default);
                bytes = bytes[piece.Length..];
            }

            to.EndWriting();
        }
        catch (FileException failure) when (failure.Code is Errno.EPIPE)
        {
            // Somebody closed it.
        }

        return 0;
    }

    private static async Task<byte[]> ReceiveAsync(Duplex from, Random chance)
    {
        var received = new MemoryStream();
        try
        {
            int count;
            var buffer = new byte[40_000];
            while ((count = await from.ReadAsync(buffer.AsMemory(0, chance.Next(1, buffer.Length)), default)) > 0)
            {
                received.Write(buffer, 0, count);
            }
        }
        catch (FileException failure) when (failure.Code is Errno.EBADF)
        {
            // Somebody closed it.
        }

        return received.ToArray();
    }

    private static async Task<int> EchoAsync(Duplex end, Random chance)
    {
        int count;
        var buffer = new byte[30_000];
        while ((count = await end.ReadAsync(buffer.AsMemory(0, chance.Next(1, buffer.Length)), default)) > 0)
        {
            await end.WriteAsync(buffer.AsMemory(0, count), default);
        }

        await end.CloseAsync();
        return 0;
    }

    private static async Task<string> ReadAsync(Duplex end, int most = 1000)
    {
        var buffer = new byte[most];
        return System.Text.Encoding.ASCII.GetString(buffer, 0, await end.ReadAsync(buffer, default).AsTask().WaitAsync(Patience));
    }
}
