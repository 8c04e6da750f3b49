using System.Net;
using k8s.Models;
using Orleans.StatefulSets.Workloads.Files;
using Orleans.StatefulSets.Workloads.Images;
using Orleans.StatefulSets.Workloads.Network;
using Orleans.StatefulSets.Workloads.Processes;
using Orleans.StatefulSets.Workloads.Sandboxes;

namespace Orleans.StatefulSets.Workloads.Tests.Sandboxes;

/// <summary>Containers that are ended at any moment of their lives.</summary>
public sealed class StopTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData("nginx:1.27")]
    [InlineData("k8s.gcr.io/nginx-slim:0.8")]
    [InlineData("httpd")]
    [InlineData("somebody/server:1")]
    [InlineData("busybox")]
    public async Task A_container_that_is_killed_ends_however_far_it_has_come(string image)
    {
        for (var round = 0; round < 40; round++)
        {
            await using var sandbox = New();
            var ended = new TaskCompletionSource<ContainerEnd>(TaskCreationOptions.RunContinuationsAsynchronously);
            sandbox.Ended += end => ended.TrySetResult(end);
            await sandbox.StartAsync(Setup(image), restarts: 0);
            for (var turn = 0; turn < round; turn++)
            {
                await Task.Yield();
                await sandbox.EndOfAsync("c", 0);
            }

            await sandbox.SignalAsync("c", Signals.Terminate);
            await sandbox.SignalAsync("c", Signals.Kill);

            await ended.Task.WaitAsync(Patience);
        }
    }

    private static PodSandbox New() => new(new PodSetup
    {
        HostName = "web-0",
        Address = IPAddress.Parse("10.244.0.2"),
        Hosts = "",
        Resolver = "",
        Clock = TimeProvider.System,
        Wall = TimeProvider.System,
        Gateway = new NoGateway(),
        Limits = new PodLimits(),
    });

    private static ContainerSetup Setup(string image)
    {
        var container = new V1Container { Name = "c", Image = image, Ports = [new V1ContainerPort { ContainerPort = 8080 }] };
        var pod = new V1Pod { Metadata = new V1ObjectMeta { Name = "web-0", NamespaceProperty = "default" }, Spec = new V1PodSpec { Containers = [container] } };
        return ContainerSetups.Of(pod, container, ImageCatalog.Default.Find(container), "web-0", new NoSources(), new Dictionary<string, PodVolume>());
    }

    private sealed class NoGateway : IPodGateway
    {
        public ValueTask<DnsAnswer> QueryAsync(DnsQuestion question, CancellationToken cancellation) => new(new DnsAnswer(false, []));

        public ValueTask<IOpenFile> ConnectAsync(IPAddress? from, IPEndPoint to, CancellationToken cancellation) => throw new FileException(Errno.ENETUNREACH);

        public ValueTask<TimeSpan?> EchoAsync(IPAddress to, CancellationToken cancellation) => new((TimeSpan?)null);
    }

    private sealed class NoSources : IPodSources
    {
        public V1ConfigMap? ConfigMap(string name) => null;

        public V1Secret? Secret(string name) => null;

        public IEnumerable<V1Service> Services() => [];

        public V1Node? Node() => null;
    }
}
