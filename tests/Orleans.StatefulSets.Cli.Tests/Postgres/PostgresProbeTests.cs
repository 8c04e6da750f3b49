using System.Net;
using System.Net.Sockets;
using Orleans.StatefulSets.Cli.Postgres;
using Orleans.StatefulSets.Cli.Processes;

namespace Orleans.StatefulSets.Cli.Tests.Postgres;

/// <summary>How a database is that answers, or does not.</summary>
public sealed class PostgresProbeTests : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);

    public PostgresProbeTests() => listener.Start();

    private Uri Url => new($"tcp://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");

    public void Dispose() => listener.Dispose();

    [Theory]
    [InlineData('N', "Ready")]
    [InlineData('S', "Ready")]
    [InlineData('E', "NotReady")]
    public async Task It_is_as_it_answers(char answer, string expected)
    {
        var asking = PostgresProbe.AskAsync(Url, TimeSpan.FromSeconds(30), CancellationToken.None);
        using var client = await listener.AcceptTcpClientAsync();
        var question = new byte[8];
        await client.GetStream().ReadExactlyAsync(question);
        await client.GetStream().WriteAsync(new[] { (byte)answer });

        Assert.Equal([0, 0, 0, 8, 0x04, 0xD2, 0x16, 0x2F], question);
        Assert.Equal(expected, (await asking).ToString());
    }

    // One that is stopped is connected to all the same.
    [Fact]
    public async Task One_that_says_nothing_does_not_answer() =>
        Assert.Equal(ProcessHealth.NoAnswer, await PostgresProbe.AskAsync(Url, TimeSpan.FromMilliseconds(100), CancellationToken.None));

    [Fact]
    public async Task One_that_is_not_there_does_not_answer()
    {
        var url = Url;
        listener.Stop();
        Assert.Equal(ProcessHealth.NoAnswer, await PostgresProbe.AskAsync(url, TimeSpan.FromSeconds(30), CancellationToken.None));
    }
}
