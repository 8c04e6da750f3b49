using System.Text.Json.Nodes;

namespace Orleans.StatefulSets.Benchmarks.Cluster;

/// <summary>The one StatefulSet of a run: the tutorial's, in several sizes.</summary>
internal sealed record SetShape
{
    public const string Name = "web";

    public required int Replicas { get; init; }

    /// <summary><c>Parallel</c> or <c>OrderedReady</c>.</summary>
    public string Policy { get; init; } = "Parallel";

    /// <summary>Whether each pod has a claim.</summary>
    public bool Claims { get; init; }

    /// <summary>The headless Service that the set names.</summary>
    public static JsonObject Service { get; } = Parse("""
        {"apiVersion":"v1","kind":"Service","metadata":{"name":"nginx","labels":{"app":"nginx"}},
         "spec":{"clusterIP":"None","selector":{"app":"nginx"},"ports":[{"port":80,"name":"web"}]}}
        """);

    public JsonObject Manifest(string name = Name)
    {
        var manifest = Parse("""
            {"apiVersion":"apps/v1","kind":"StatefulSet","metadata":{},
             "spec":{"serviceName":"nginx","selector":{"matchLabels":{"app":"nginx"}},
              "template":{"metadata":{"labels":{"app":"nginx"}},
               "spec":{"containers":[{"name":"nginx","image":"registry.k8s.io/nginx-slim:0.8","ports":[{"containerPort":80,"name":"web"}]}]}}}}
            """);
        manifest["metadata"]!["name"] = name;
        manifest["spec"]!["replicas"] = Replicas;
        manifest["spec"]!["podManagementPolicy"] = Policy;
        if (Claims)
        {
            manifest["spec"]!["template"]!["spec"]!["containers"]![0]!["volumeMounts"] = Array("""{"name":"www","mountPath":"/usr/share/nginx/html"}""");
            manifest["spec"]!["volumeClaimTemplates"] = Array(
                """{"metadata":{"name":"www"},"spec":{"accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"1Gi"}}}}""");
        }

        return manifest;
    }

    private static JsonArray Array(string item) => [Parse(item)];

    private static JsonObject Parse(string json) => JsonNode.Parse(json)!.AsObject();
}
