using Orleans.StatefulSets.Workloads.Files;
using Orleans.StatefulSets.Workloads.Images;
using Orleans.StatefulSets.Workloads.Processes;
using Orleans.StatefulSets.Workloads.Tests.Servers;

namespace Orleans.StatefulSets.Workloads.Tests.Images;

/// <summary>The example of an image of one's own does what it says.</summary>
public sealed class OwnImageTests
{
    [Fact]
    public async Task What_one_pod_was_told_the_next_one_knows_by_the_volume()
    {
        var pods = new PodsTogether(new ImageCatalog([new KeyValueImage()]));
        var volume = new MemoryTree(1 << 20, TimeProvider.System);
        var first = pods.Add("kv-0", "example.com/kv:1", volume: volume, mountPath: "/data");
        await first.StartAsync();
        var client = pods.Add("client", "busybox");
        Assert.Equal("OK\none two\n(nil)\nERR SET key value, or GET key\n", (await client.ShellAsync("printf 'SET a one two\\nGET a\\nGET b\\nGET ../etc/passwd\\n' | nc kv-0 6380")).Output);
        await first.SignalAsync(Signals.Terminate);
        Assert.Equal(0, await first.End.WaitAsync(TimeSpan.FromSeconds(20)));

        var next = pods.Add("kv-1", "example.com/kv:1", volume: volume, mountPath: "/data");
        await next.StartAsync();
        Assert.Equal("one two\n", (await client.ShellAsync("echo GET a | nc kv-1 6380")).Output);
        Assert.Equal("a\n", (await next.ShellAsync("ls /data")).Output);
    }

    [Fact]
    public async Task A_line_without_end_closes_the_connection_and_a_full_volume_is_said()
    {
        var pods = new PodsTogether(new ImageCatalog([new KeyValueImage()]));
        var pod = pods.Add("kv-0", "kv", volume: new MemoryTree(8192, TimeProvider.System), mountPath: "/data");
        await pod.StartAsync();
        Assert.Equal(("", true), await pods.ExchangeAsync(pod, 6380, new string('a', 100_000)));
        var client = pods.Add("client", "busybox");
        Assert.Equal("ERR No space left on device\n", (await client.ShellAsync("i=0; while [ $((i+=1)) -lt 9 ]; do echo \"SET k$i $(head -c 4000 /dev/zero | tr '\\0' x)\"; done | nc kv-0 6380 | tail -n 1")).Output);
    }
}
