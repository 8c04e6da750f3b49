using Orleans.StatefulSets.Acceptance.Tests.Kubectl;
using Orleans.StatefulSets.Acceptance.Tests.Servers;
using Orleans.StatefulSets.Acceptance.Tests.Tutorial;

namespace Orleans.StatefulSets.Acceptance.Tests.Nodes;

/// <summary>A server's page decides whether its pod is ready, and everything that follows from that.</summary>
[Collection(TutorialCollection.Name)]
public sealed class ProbeTests(SharedServer server)
{
    private const string Set = """
        apiVersion: v1
        kind: Service
        metadata: { name: nginx }
        spec: { clusterIP: None, selector: { app: nginx }, ports: [{ port: 80, name: web }] }
        ---
        apiVersion: apps/v1
        kind: StatefulSet
        metadata: { name: web }
        spec:
          serviceName: nginx
          replicas: 2
          selector: { matchLabels: { app: nginx } }
          template:
            metadata: { labels: { app: nginx } }
            spec:
              containers:
              - name: nginx
                image: nginx:1.27
                ports: [{ containerPort: 80, name: web }]
                readinessProbe: { httpGet: { path: /, port: web }, periodSeconds: 1, failureThreshold: 2 }
                volumeMounts: [{ name: www, mountPath: /usr/share/nginx/html }]
          volumeClaimTemplates:
          - metadata: { name: www }
            spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Gi } } }
        """;

    [SkippableTheory]
    [MemberData(nameof(KubectlVersion.Both), MemberType = typeof(KubectlVersion))]
    public async Task A_page_that_is_moved_away_takes_its_pod_out_of_the_service_and_holds_an_update_up(string version)
    {
        var kubectl = await server.OpenAsync(version);
        await kubectl.CreateAsync(Set);

        // An empty volume has no page: the first pod runs and is not ready, and there is no second one.
        await kubectl.UntilShownAsync("get pods", row => row[0] == "web-0" && row[1] == "0/1" && row[2] == "Running");
        await kubectl.UntilToldAsync("describe pod web-0", "Readiness probe failed: HTTP probe failed with statuscode: 403");
        Assert.Equal("", await kubectl.OutputAsync("get pod web-1 --ignore-not-found"));
        foreach (var pod in (string[])["web-0", "web-1"])
        {
            await kubectl.UntilShownAsync("get pods", row => row[0] == pod && row[2] == "Running");
            await kubectl.OutputAsync($"exec {pod} -- sh -c 'hostname > /usr/share/nginx/html/index.html'");
            await kubectl.UntilShownAsync("get pods", row => row[0] == pod && row[1] == "1/1");
        }

        await AddressesAsync(kubectl, 2);
        await kubectl.OutputAsync("exec web-0 -- mv /usr/share/nginx/html/index.html /usr/share/nginx/html/away");
        await kubectl.UntilShownAsync("get pods", row => row[0] == "web-0" && row[1] == "0/1" && row[2] == "Running");
        await AddressesAsync(kubectl, 1);

        // The pod that is not ready keeps the update from going on behind the first step.
        await kubectl.OutputAsync("set image sts/web nginx=nginx:1.28");
        await WebSet.ObservedAsync(kubectl);
        Assert.Equal("nginx:1.27", await WebSet.ImageAsync(kubectl, "web-0"));
        await kubectl.OutputAsync("exec web-0 -- mv /usr/share/nginx/html/away /usr/share/nginx/html/index.html");
        await WebSet.ReadyAsync(kubectl);
        Assert.Equal(["nginx:1.28", "nginx:1.28"], await WebSet.ImagesAsync(kubectl, 2));
        await AddressesAsync(kubectl, 2);
    }

    [SkippableTheory]
    [MemberData(nameof(KubectlVersion.Both), MemberType = typeof(KubectlVersion))]
    public async Task A_container_that_its_liveness_probe_gives_up_is_started_again_after_its_hook(string version)
    {
        var kubectl = await server.OpenAsync(version);
        await kubectl.CreateAsync("""
            apiVersion: v1
            kind: Pod
            metadata: { name: patient }
            spec:
              terminationGracePeriodSeconds: 5
              containers:
              - name: c
                image: nginx
                livenessProbe: { exec: { command: [test, "!", -e, /shared/ill] }, periodSeconds: 1, failureThreshold: 2 }
                lifecycle:
                  postStart: { exec: { command: [sh, -c, "echo started >> /shared/story"] } }
                  preStop: { exec: { command: [sh, -c, "echo stopped >> /shared/story; rm -f /shared/ill"] } }
                volumeMounts: [{ name: shared, mountPath: /shared }]
              initContainers:
              - { name: first, image: busybox, command: [sh, -c, "echo init > /shared/story"], volumeMounts: [{ name: shared, mountPath: /shared }] }
              volumes: [{ name: shared, emptyDir: {} }]
            """);
        await kubectl.OutputAsync("wait --for=condition=Ready pod/patient --timeout=50s");

        await kubectl.OutputAsync("exec patient -- touch /shared/ill");

        await kubectl.UntilToldAsync("describe pod patient", "Container c failed liveness probe, will be restarted");
        await kubectl.UntilShownAsync("get pods", row => row[0] == "patient" && row[1] == "1/1" && row[3].StartsWith('1'));
        Assert.Equal("init\nstarted\nstopped\nstarted", await kubectl.OutputAsync("exec patient -- cat /shared/story"));
    }

    private static Task AddressesAsync(KubectlSession kubectl, int count) => Deadline.WaitAsync(
        TimeSpan.FromSeconds(30),
        async () => (await kubectl.OutputAsync("get endpoints nginx -o jsonpath={.subsets[*].addresses[*].ip}")).Split(' ', StringSplitOptions.RemoveEmptyEntries).Length == count,
        () => $"the Service has not {count} addresses");
}
