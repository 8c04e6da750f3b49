using System.Net;
using Microsoft.Extensions.Time.Testing;
using Orleans.StatefulSets.Workloads.Files;
using Orleans.StatefulSets.Workloads.Network;

namespace Orleans.StatefulSets.Workloads.Tests.Network;

/// <summary>The ports of one pod.</summary>
public sealed class PodPortTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly IPEndPoint From = new(IPAddress.Parse("10.244.0.9"), 4711);
    private readonly FakeTimeProvider wall = new();
    private readonly PodPorts ports;

    public PodPortTests() => ports = new PodPorts(wall);

    [Fact]
    public async Task A_port_on_which_nobody_listens_refuses() =>
        Assert.Equal(Errno.ECONNREFUSED, (await Assert.ThrowsAsync<FileException>(async () => await ports.ConnectAsync(80, From, default))).Code);

    [Fact]
    public async Task A_listener_gets_each_connection_in_turn_and_knows_whence_it_comes()
    {
        using var listener = ports.Listen(80);
        var first = await ports.ConnectAsync(80, From, default);
        await ports.ConnectAsync(80, new IPEndPoint(IPAddress.Loopback, 1), default);
        var (connection, from) = await listener.AcceptAsync(default);
        Assert.Equal(From, from);
        await first.WriteAsync("x"u8.ToArray(), default);
        Assert.Equal(1, await connection.ReadAsync(new byte[10], default));
        Assert.Equal(1, (await listener.AcceptAsync(default)).From.Port);
    }

    [Fact]
    public void Two_listeners_on_one_port_are_one_too_many_until_the_first_goes()
    {
        var first = ports.Listen(80);
        Assert.Equal(Errno.EADDRINUSE, Assert.Throws<FileException>(() => ports.Listen(80)).Code);
        using var other = ports.Listen(81);
        first.Dispose();
        first.Dispose();
        using var second = ports.Listen(80);

        // One that went does not take the next one's place away.
        first.Dispose();
        Assert.Equal(Errno.EADDRINUSE, Assert.Throws<FileException>(() => ports.Listen(80)).Code);
    }

    [Fact]
    public async Task As_many_as_the_backlog_holds_wait_and_the_next_is_refused()
    {
        using var listener = ports.Listen(80);
        for (var i = 0; i < 512; i++)
        {
            await ports.ConnectAsync(80, From, default);
        }

        Assert.Equal(Errno.ECONNREFUSED, (await Assert.ThrowsAsync<FileException>(async () => await ports.ConnectAsync(80, From, default))).Code);
        await listener.AcceptAsync(default);
        await ports.ConnectAsync(80, From, default);
    }

    [Fact]
    public async Task Whoever_waits_to_be_accepted_hears_the_end_when_the_listener_goes()
    {
        var listener = ports.Listen(80);
        var waiting = await ports.ConnectAsync(80, From, default);
        listener.Dispose();
        Assert.Equal(0, await waiting.ReadAsync(new byte[10], default));
        await Assert.ThrowsAsync<FileException>(async () => await ports.ConnectAsync(80, From, default));
    }

    [Fact]
    public async Task A_listener_that_is_closed_while_it_waits_hears_it()
    {
        var listener = ports.Listen(80);
        var accepting = listener.AcceptAsync(default).AsTask();
        listener.Dispose();
        Assert.Equal(Errno.EBADF, (await Assert.ThrowsAsync<FileException>(() => accepting.WaitAsync(Patience))).Code);
    }

    [Fact]
    public async Task Where_servers_begin_late_whoever_connects_waits_a_moment_for_them()
    {
        ports.ExpectServers();
        var connecting = ports.ConnectAsync(80, From, default).AsTask();
        using (ports.Listen(81))
        {
            Assert.False(connecting.IsCompleted);
        }

        using var listener = ports.Listen(80);
        Assert.NotNull(await connecting.WaitAsync(Patience));
    }

    [Fact]
    public async Task That_moment_ends()
    {
        ports.ExpectServers();
        var connecting = ports.ConnectAsync(80, From, default).AsTask();
        wall.Advance(TimeSpan.FromSeconds(1));
        Assert.False(connecting.IsCompleted, "it was refused after one look, however little the pod could do before it");
        while (!connecting.IsCompleted)
        {
            wall.Advance(TimeSpan.FromMilliseconds(20));
            await Task.Yield();
        }

        Assert.Equal(Errno.ECONNREFUSED, (await Assert.ThrowsAsync<FileException>(() => connecting.WaitAsync(Patience))).Code);
        Assert.Equal(Errno.ECONNREFUSED, (await Assert.ThrowsAsync<FileException>(async () => await ports.ConnectAsync(80, From, default))).Code);
    }
}
