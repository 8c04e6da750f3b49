using System.Text.Json;
using Orleans.StatefulSets.Acceptance.Tests.Kubectl;
using Orleans.StatefulSets.Acceptance.Tests.Manifests;

namespace Orleans.StatefulSets.Acceptance.Tests.Tutorial;

/// <summary>The tutorial's StatefulSet as other rows begin with it, and what they ask of it.</summary>
internal static class WebSet
{
    public const string OldImage = "k8s.gcr.io/nginx-slim:0.8";
    public const string NewImage = "k8s.gcr.io/nginx-slim:0.7";

    /// <summary>The tutorial's patch of the image.</summary>
    public static string PatchImage(string image) =>
        $$"""patch statefulset web --type='json' -p='[{"op": "replace", "path": "/spec/template/spec/containers/0/image", "value":"{{image}}"}]'""";

    /// <summary>The tutorial's patch of the partition.</summary>
    public static string PatchPartition(int partition) =>
        $$$$$"""patch statefulset web -p '{"spec":{"updateStrategy":{"type":"RollingUpdate","rollingUpdate":{"partition":{{{{{partition}}}}}}}}}'""";

    /// <summary>Creates the Service and the set and waits until all of its pods are ready.</summary>
    public static async Task CreateAsync(KubectlSession kubectl, int replicas = 2)
    {
        await kubectl.OutputAsync($"apply -f {TutorialManifests.Web}");
        if (replicas != 2)
        {
            await kubectl.OutputAsync($"scale sts web --replicas={replicas}");
        }

        await ReadyAsync(kubectl);
    }

    /// <summary>Waits until the set's controller has done what it was told.</summary>
    public static Task ReadyAsync(KubectlSession kubectl) => kubectl.OutputAsync("rollout status sts/web --timeout=50s");

    /// <summary>Waits until the controller has seen the last change of the spec.</summary>
    public static Task ObservedAsync(KubectlSession kubectl) => Deadline.WaitAsync(
        TimeSpan.FromSeconds(30),
        async () => await kubectl.OutputAsync("get sts web -o jsonpath={.metadata.generation}") == await kubectl.OutputAsync("get sts web -o jsonpath={.status.observedGeneration}"),
        () => "the last change was not observed");

    /// <summary>The tutorial's question for a pod's image.</summary>
    public static Task<string> ImageAsync(KubectlSession kubectl, string pod) =>
        kubectl.OutputAsync($"get pod {pod} --template '{{{{range $i, $c := .spec.containers}}}}{{{{$c.image}}}}{{{{end}}}}'");

    /// <summary>The images of web-0, web-1 … in order.</summary>
    public static async Task<IReadOnlyList<string>> ImagesAsync(KubectlSession kubectl, int replicas)
    {
        var images = new List<string>();
        for (var ordinal = 0; ordinal < replicas; ordinal++)
        {
            images.Add(await ImageAsync(kubectl, $"web-{ordinal}"));
        }

        return images;
    }

    /// <summary>What is listed, as name to uid.</summary>
    public static async Task<IReadOnlyDictionary<string, string>> UidsAsync(KubectlSession kubectl, string resource) =>
        (await kubectl.JsonAsync($"get {resource}")).GetProperty("items").EnumerateArray().ToDictionary(
            item => Text(item, "name"), item => Text(item, "uid"), StringComparer.Ordinal);

    private static string Text(JsonElement item, string field) => item.GetProperty("metadata").GetProperty(field).GetString()!;
}
