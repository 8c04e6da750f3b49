using System.Text;
using Orleans.StatefulSets.Grains.Streaming;
using Orleans.StatefulSets.Grains.Tests.Clusters;
using Orleans.StatefulSets.Resources.Errors;

namespace Orleans.StatefulSets.Grains.Tests.Streaming;

/// <summary>A pod that does its worst: it hears what a real container would, and nobody outside of it is the worse for it.</summary>
public sealed class PodLimitTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData("b() { b | b & }; b; wait")]
    [InlineData("while true; do :; done")]
    [InlineData("yes > /dev/null")]
    [InlineData("cat /dev/zero > /dev/null")]
    [InlineData("f() { f; }; f")]
    [InlineData("x=x; while true; do x=$x$x; done")]
    public async Task Others_are_answered_while_a_pod_loops_or_multiplies(string worst)
    {
        await using var cluster = await TestCluster.StartAsync(1);
        await Insides.RunAsync(cluster, Insides.New("bad", "nginx"));
        await Insides.RunAsync(cluster, Insides.New("good", "nginx"));
        using var patience = new CancellationTokenSource(Patience, TimeProvider.System);
        var streams = cluster.Service<IPodStreams>(0);
        await using var process = await streams.ExecAsync(Insides.Key("bad"), new ExecRequest(null, ["sh", "-c", worst], false, true, true, false), patience.Token);

        for (var round = 0; round < 20; round++)
        {
            Assert.Equal(("good\n", "", 0), await Insides.ExecAsync(cluster, 0, "good", "", "hostname"));
        }
    }

    [Fact]
    public async Task Five_hundred_sessions_are_as_many_as_there_may_be_processes_and_all_of_them_end()
    {
        await using var cluster = await TestCluster.StartAsync(1);
        await Insides.RunAsync(cluster, Insides.New("bad", "nginx"));
        await Insides.RunAsync(cluster, Insides.New("good", "nginx"));
        using var patience = new CancellationTokenSource(Patience, TimeProvider.System);
        var streams = cluster.Service<IPodStreams>(0);
        List<IPodProcess> open = [];
        var refused = 0;
        for (var session = 0; session < 500; session++)
        {
            try
            {
                open.Add(await streams.ExecAsync(Insides.Key("bad"), new ExecRequest(null, ["cat"], true, true, true, false), patience.Token));
            }
            catch (ApiException refusal)
            {
                Assert.Contains("resource temporarily unavailable", refusal.Message, StringComparison.OrdinalIgnoreCase);
                refused++;
            }
        }

        Assert.True(refused > 0, "as many processes as were asked for");
        Assert.Equal(("good\n", "", 0), await Insides.ExecAsync(cluster, 0, "good", "", "hostname"));
        foreach (var process in open)
        {
            await process.WriteAsync("x\n"u8.ToArray(), patience.Token);
            await process.EndInputAsync(patience.Token);
            Assert.Equal("x\n", Encoding.UTF8.GetString((await process.ReadAsync(patience.Token))!.Value.Bytes.Span));
            Assert.Null(await process.ReadAsync(patience.Token));
            await process.DisposeAsync();
        }

        Assert.Equal(("bad\n", "", 0), await Insides.ExecAsync(cluster, 0, "bad", "", "hostname"));
    }

    [Fact]
    public async Task A_full_layer_is_told_and_what_fits_is_kept()
    {
        await using var cluster = await TestCluster.StartAsync(1);
        await Insides.RunAsync(cluster, Insides.New("bad", "nginx"));

        var (_, errors, status) = await Insides.ExecAsync(cluster, 0, "bad", "", "dd", "if=/dev/zero", "of=/tmp/big", "bs=1M", "count=2000");

        Assert.Equal(1, status);
        Assert.Contains("No space left on device", errors, StringComparison.Ordinal);
        Assert.Equal(("", "", 0), await Insides.ExecAsync(cluster, 0, "bad", "", "rm", "/tmp/big"));
        Assert.Equal(("fits\n", "", 0), await Insides.ExecAsync(cluster, 0, "bad", "", "sh", "-c", "echo fits > /tmp/f; cat /tmp/f"));
    }
}
