using Orleans.StatefulSets.Acceptance.Tests.Kubectl;
using Orleans.StatefulSets.Acceptance.Tests.Manifests;
using Orleans.StatefulSets.Acceptance.Tests.Servers;

namespace Orleans.StatefulSets.Acceptance.Tests.Tutorial;

/// <summary>"Writing to Stable Storage" as far as it can be seen from outside a pod, the prerequisite without a provisioner, and the clean-up.</summary>
[Collection(TutorialCollection.Name)]
public sealed class StorageTests(SharedServer server)
{
    [SkippableTheory]
    [MemberData(nameof(KubectlVersion.Both), MemberType = typeof(KubectlVersion))]
    public async Task Each_pods_claim_is_bound_to_a_volume_made_for_it(string version)
    {
        var kubectl = await server.OpenAsync(version);
        await WebSet.CreateAsync(kubectl);

        var table = await kubectl.TableAsync("get pvc -l app=nginx");
        var uids = await WebSet.UidsAsync(kubectl, "pvc");
        Assert.Equal(["NAME", "STATUS", "VOLUME", "CAPACITY", "ACCESS MODES", "STORAGECLASS", "VOLUMEATTRIBUTESCLASS", "AGE"], table[0]);
        Assert.Equal(["www-web-0", "Bound", $"pvc-{uids["www-web-0"]}", "1Gi", "RWO", "standard", "<unset>"], table[1].SkipLast(1));
        Assert.Equal(["www-web-1", "Bound", $"pvc-{uids["www-web-1"]}", "1Gi", "RWO", "standard", "<unset>"], table[2].SkipLast(1));
        Assert.Equal(3, table.Count);
        var volume = await kubectl.JsonAsync($"get pv pvc-{uids["www-web-0"]}");
        Assert.Equal("Bound", volume.GetProperty("status").GetProperty("phase").GetString());
        Assert.Equal(uids["www-web-0"], volume.GetProperty("spec").GetProperty("claimRef").GetProperty("uid").GetString());
    }

    [SkippableTheory]
    [MemberData(nameof(KubectlVersion.Both), MemberType = typeof(KubectlVersion))]
    public async Task Deleting_the_claims_deletes_their_volumes_or_keeps_those_that_are_to_be_retained(string version)
    {
        var kubectl = await server.OpenAsync(version);
        await WebSet.CreateAsync(kubectl);
        var uids = await WebSet.UidsAsync(kubectl, "pvc");
        var (kept, freed) = ($"pvc-{uids["www-web-0"]}", $"pvc-{uids["www-web-1"]}");
        await kubectl.OutputAsync($$$"""patch pv {{{kept}}} -p '{"spec":{"persistentVolumeReclaimPolicy":"Retain"}}'""");
        await kubectl.OutputAsync("delete sts web --cascade=foreground");
        await kubectl.OutputAsync("delete svc nginx");

        Assert.Equal(
            "persistentvolumeclaim \"www-web-0\" deleted\npersistentvolumeclaim \"www-web-1\" deleted",
            await kubectl.OutputAsync("delete pvc -l app=nginx"));

        await Deadline.WaitAsync(
            TimeSpan.FromSeconds(20),
            async () => await kubectl.OutputAsync($"get pv {freed} --ignore-not-found") == "",
            () => "the volume with the reclaim policy Delete is still there");
        await Deadline.WaitAsync(
            TimeSpan.FromSeconds(20),
            async () => await kubectl.OutputAsync($"get pv {kept} -o jsonpath={{.status.phase}}") == "Released",
            () => "the volume with the reclaim policy Retain is not Released");
        await kubectl.OutputAsync($"delete pv {kept}");
    }

    private static async Task LookOnTheNodeAsync(KubectlSession kubectl)
    {
        var node = await kubectl.OutputAsync("get pod web-0 -o jsonpath={.spec.nodeName}");
        var volume = await kubectl.OutputAsync("get pvc www-web-0 -o jsonpath={.spec.volumeName}");
        await kubectl.CreateAsync($$"""
            apiVersion: v1
            kind: Pod
            metadata: { name: looker }
            spec:
              nodeName: {{node}}
              restartPolicy: Never
              containers:
              - { name: looker, image: busybox, command: [cat, /host/mnt/{{volume[^1]}}/index.html], volumeMounts: [{ name: host, mountPath: /host }] }
              volumes:
              - { name: host, hostPath: { path: / } }
            """);
        await kubectl.OutputAsync("wait --for=jsonpath={.status.phase}=Succeeded pod/looker --timeout=50s");
        Assert.Equal("mine", await kubectl.OutputAsync("logs looker"));
    }

    [SkippableTheory]
    [MemberData(nameof(KubectlVersion.Both), MemberType = typeof(KubectlVersion))]
    public async Task Without_a_provisioner_two_hand_made_volumes_serve(string version)
    {
        await using var own = await ServerProcess.StartAsync("--latency", "none", "--storage", "memory");
        var kubectl = await own.OpenAsync(version);
        await kubectl.OutputAsync("delete storageclass standard");
        await kubectl.OutputAsync($"apply -f {TutorialManifests.HandMadeVolumes}");

        await WebSet.CreateAsync(kubectl);

        var bound = (await kubectl.TableAsync("get pvc -l app=nginx")).Skip(1).Select(row => (row[1], row[2])).Order();
        Assert.Equal([("Bound", "volume-a"), ("Bound", "volume-b")], bound);

        // The page's note on hostPath: the node's own folder, and a mode that keeps the server's user out of it.
        await kubectl.OutputAsync("exec web-0 -- sh -c 'echo mine > /usr/share/nginx/html/index.html; chmod 700 /usr/share/nginx/html'");
        Assert.Contains("403 Forbidden", await kubectl.OutputAsync("exec web-0 -- curl -s http://localhost/"), StringComparison.Ordinal);
        await kubectl.OutputAsync("exec web-0 -- chmod 755 /usr/share/nginx/html");
        Assert.Equal("mine", await kubectl.OutputAsync("exec web-0 -- curl -s http://localhost/"));
        await LookOnTheNodeAsync(kubectl);
    }
}
