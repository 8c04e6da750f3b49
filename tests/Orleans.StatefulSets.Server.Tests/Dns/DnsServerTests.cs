using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Orleans.StatefulSets.Grains.Hosting;
using Orleans.StatefulSets.Server.Composition;
using Orleans.StatefulSets.Server.Dns;
using Orleans.StatefulSets.Server.Options;
using Orleans.StatefulSets.Server.Startup;
using Orleans.StatefulSets.Server.Tests.Fuzzing;

namespace Orleans.StatefulSets.Server.Tests.Dns;

/// <summary>The whole server with <c>--dns</c>, and clients on real sockets.</summary>
public sealed class DnsServerTests : IAsyncLifetime
{
    private const string Name = "kube-dns.kube-system.svc.cluster.local";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("statefulsets-");
    private readonly IReadOnlyList<int> ports = FreePorts.Take(4);
    private WebApplication app = WebApplication.Create();

    private IPEndPoint Dns => new(IPAddress.Loopback, ports[3]);

    public async Task InitializeAsync()
    {
        app = await BuildAsync();
        await app.StartAsync();
        await app.Services.GetRequiredService<ClusterStart>().Ready;
    }

    public async Task DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_question_is_answered_over_UDP()
    {
        using var client = new UdpClient();
        client.Connect(Dns);

        Assert.Equal([$"{Name} 30 A 10.96.0.10"], (await AskAsync(client, WrittenQuery.Of(Name, 1))).Answers);
    }

    [Fact]
    public async Task Several_questions_are_answered_on_one_TCP_connection_also_when_all_come_at_once()
    {
        using var client = new TcpClient();
        await client.ConnectAsync(Dns);
        var stream = client.GetStream();
        await stream.WriteAsync(Framed(WrittenQuery.Of(Name, 1, id: 1)).Concat(Framed(WrittenQuery.Of(Name, 33, id: 2))).ToArray());

        Assert.Equal(1, (await ReceiveAsync(stream))!.Id);
        Assert.Equal((2, 2), (await ReceiveAsync(stream) is { } second ? (second.Id, second.Answers.Count) : default));

        await stream.WriteAsync(Framed(WrittenQuery.Of("nobody.cluster.local", 1, id: 3)));
        Assert.Equal(3, (await ReceiveAsync(stream))!.Code);
    }

    [Fact]
    public async Task A_query_that_is_too_long_or_none_ends_its_connection_only()
    {
        foreach (var bytes in (byte[][])[[0xFF, 0xFF, 1, 2, 3], [0, 0], [0, 3, 1, 2, 3], Framed(WrittenQuery.Of(Name, 1, flags: 0x8180))])
        {
            using var client = new TcpClient();
            await client.ConnectAsync(Dns);
            await client.GetStream().WriteAsync(bytes);
            Assert.Null(await ReceiveAsync(client.GetStream()));
        }

        await A_question_is_answered_over_UDP();
    }

    [Fact]
    public async Task More_connections_than_it_takes_are_closed_and_room_is_made_when_others_go()
    {
        var open = new List<TcpClient>();
        try
        {
            for (var index = 0; index < DnsStreams.MostConnections; index++)
            {
                open.Add(new TcpClient());
                await open[^1].ConnectAsync(Dns);
            }

            // The last of them was taken, so all are.
            await open[^1].GetStream().WriteAsync(Framed(WrittenQuery.Of(Name, 1)));
            Assert.NotNull(await ReceiveAsync(open[^1].GetStream()));
            Assert.False(await IsServedAsync());

            open[0].Dispose();
            await UntilAsync(IsServedAsync);
        }
        finally
        {
            open.ForEach(client => client.Dispose());
        }
    }

    [Theory]
    [InlineData(21)]
    [InlineData(22)]
    public async Task Packets_that_somebody_made_up_keep_nobody_from_an_answer(int seed)
    {
        var chance = new Random(seed);
        using var client = new UdpClient();
        client.Connect(Dns);
        for (var round = 0; round < 2_000; round++)
        {
            var packet = round % 3 == 0 ? WrittenQuery.Of(Name, chance.Next(300)) : new byte[chance.Next(600)];
            if (round % 3 > 0)
            {
                chance.NextBytes(packet);
            }

            await client.SendAsync(packet);
        }

        await A_question_is_answered_over_UDP();
    }

    [Fact]
    public async Task A_port_that_is_taken_is_one_line_before_anything_else_starts()
    {
        await using var second = await BuildAsync();

        var failure = await Assert.ThrowsAsync<StartupException>(() => second.StartAsync());

        Assert.Equal($"127.0.0.1:{ports[3]} is already in use; choose another address with --dns", StartupFailure.Describe(failure, new ServerOptions()));
    }

    private Task<WebApplication> BuildAsync() => ServerHost.BuildAsync(new ServerOptions
    {
        Urls = [new Uri($"http://127.0.0.1:{ports[0]}")],
        SiloPort = ports[1],
        GatewayPort = ports[2],
        Dns = Dns,
        DataDirectory = folder.FullName,
        Storage = StorageKind.Memory,
    });

    // Datagrams get lost where many come at once; whoever asks does so again, as every resolver does.
    private static async Task<ReadMessage> AskAsync(UdpClient client, byte[] query)
    {
        var answer = client.ReceiveAsync();
        using var again = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        for (var tries = 0; !answer.IsCompleted; tries++)
        {
            Assert.True(tries < 100, "asked in vain");
            await client.SendAsync(query);
            await Task.WhenAny(answer, again.WaitForNextTickAsync().AsTask());
        }

        return ReadMessage.Of((await answer).Buffer);
    }

    private async Task<bool> IsServedAsync()
    {
        using var client = new TcpClient();
        await client.ConnectAsync(Dns);
        try
        {
            await client.GetStream().WriteAsync(Framed(WrittenQuery.Of(Name, 1)));
            return await ReceiveAsync(client.GetStream()) is not null;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        var began = TimeProvider.System.GetTimestamp();
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!await condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < Patience, "waited in vain");
            await tick.WaitForNextTickAsync();
        }
    }

    private static byte[] Framed(byte[] query) => [(byte)(query.Length >> 8), (byte)query.Length, .. query];

    // Null where the connection was closed.
    private static async Task<ReadMessage?> ReceiveAsync(NetworkStream stream)
    {
        using var patience = new CancellationTokenSource(Patience, TimeProvider.System);
        var prefix = new byte[2];
        try
        {
            await stream.ReadExactlyAsync(prefix, patience.Token);
            var message = new byte[BinaryPrimitives.ReadUInt16BigEndian(prefix)];
            await stream.ReadExactlyAsync(message, patience.Token);
            return ReadMessage.Of(message);
        }
        catch (Exception failure) when (failure is EndOfStreamException or IOException)
        {
            return null;
        }
    }
}
