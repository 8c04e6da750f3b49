using System.Text;
using k8s.Models;
using Orleans.StatefulSets.Grains.Replicas;
using Orleans.StatefulSets.Grains.Streaming;
using Orleans.StatefulSets.Grains.Tests.Clusters;
using Orleans.StatefulSets.Resources.Errors;
using Orleans.StatefulSets.Resources.Kinds;

namespace Orleans.StatefulSets.Grains.Tests.Streaming;

/// <summary>What tests ask of the insides of pods.</summary>
internal static class Insides
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static ObjectKey Key(string name) => ResourceKinds.Pods.Key("default", name);

    public static V1Pod? Pod(Replica replica, string name) => replica.Find(Key(name))?.As<V1Pod>();

    public static V1Pod New(string name, string image, params string[] command) => new()
    {
        ApiVersion = "v1",
        Kind = "Pod",
        Metadata = new V1ObjectMeta { Name = name, NamespaceProperty = "default", Labels = new Dictionary<string, string> { ["app"] = name } },
        Spec = new V1PodSpec { Containers = [new V1Container { Name = "c", Image = image, Command = command.Length == 0 ? null : command }] },
    };

    /// <summary>A pod that runs.</summary>
    public static async Task<V1Pod> RunAsync(TestCluster cluster, V1Pod pod)
    {
        var reply = await cluster.CreateAsync(pod);
        Assert.NotNull(reply.Object);
        await cluster.UntilAsync($"{pod.Metadata.Name} runs", replica => Pod(replica, pod.Metadata.Name)?.Status?.Phase == "Running", sweeping: true);
        return Pod(cluster.Replica(), pod.Metadata.Name)!;
    }

    /// <summary>Runs a command to its end.</summary>
    public static async Task<(string Output, string Errors, int ExitCode)> ExecAsync(TestCluster cluster, int silo, string pod, string input, params string[] command)
    {
        using var patience = new CancellationTokenSource(Patience, TimeProvider.System);
        var streams = cluster.Service<IPodStreams>(silo);
        await using var process = await streams.ExecAsync(Key(pod), new ExecRequest(null, command, Stdin: true, Stdout: true, Stderr: true, Tty: false), patience.Token);
        await process.WriteAsync(Encoding.UTF8.GetBytes(input), patience.Token);
        await process.EndInputAsync(patience.Token);
        var (output, errors) = (new StringBuilder(), new StringBuilder());
        while (await process.ReadAsync(patience.Token) is { } piece)
        {
            (piece.IsError ? errors : output).Append(Encoding.UTF8.GetString(piece.Bytes.Span));
        }

        return (output.ToString(), process.End!.Failure ?? errors.ToString(), process.End.ExitCode);
    }

    /// <summary>Begins a command.</summary>
    public static Task<IPodProcess> BeginAsync(TestCluster cluster, int silo, string pod, params string[] command) =>
        cluster.Service<IPodStreams>(silo).ExecAsync(Key(pod), new ExecRequest(null, command, Stdin: true, Stdout: true, Stderr: true, Tty: false), CancellationToken.None).WaitAsync(Patience);

    /// <summary>The next of what a process says.</summary>
    public static async Task<string?> ReadAsync(IPodProcess process) =>
        await process.ReadAsync(CancellationToken.None).AsTask().WaitAsync(Patience) is { } piece ? Encoding.UTF8.GetString(piece.Bytes.Span) : null;

    /// <summary>Reads a process to its end.</summary>
    public static async Task<ProcessEnd> EndAsync(IPodProcess process)
    {
        while (await ReadAsync(process) is not null)
        {
        }

        return process.End!;
    }

    /// <summary>A silo where a pod's node does not live.</summary>
    public static int SiloWithout(TestCluster cluster, string pod)
    {
        var node = ResourceKinds.Nodes.Key("", Pod(cluster.Replica(), pod)!.Spec.NodeName).ToString();
        return cluster.SiloWithout(message => message.Key == node);
    }

    /// <summary>Does it until it is as it should be, which nobody tells of.</summary>
    public static async Task UntilAsync(string what, Func<Task<bool>> holds)
    {
        var began = TimeProvider.System.GetTimestamp();
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!await holds())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < Patience, $"waited in vain: {what}");
            await tick.WaitForNextTickAsync();
        }
    }

    /// <summary>Runs a command as soon as the pod can be reached, by whichever silo is left.</summary>
    public static async Task<(string Output, string Errors, int ExitCode)> ExecUntilAsync(TestCluster cluster, string pod, params string[] command)
    {
        var began = TimeProvider.System.GetTimestamp();
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (true)
        {
            try
            {
                return await ExecAsync(cluster, 0, pod, "", command);
            }
            catch (ApiException refusal)
            {
                Assert.True(TimeProvider.System.GetElapsedTime(began) < Patience, refusal.Message);
            }

            await tick.WaitForNextTickAsync();
        }
    }

    /// <summary>The whole log of a container.</summary>
    public static async Task<string> LogAsync(TestCluster cluster, int silo, string pod, LogRequest? request = null)
    {
        using var patience = new CancellationTokenSource(Patience, TimeProvider.System);
        var text = new StringBuilder();
        await foreach (var piece in cluster.Service<IPodStreams>(silo).ReadLogAsync(Key(pod), request ?? new LogRequest(), patience.Token))
        {
            text.Append(Encoding.UTF8.GetString(piece.Span));
        }

        return text.ToString();
    }
}
