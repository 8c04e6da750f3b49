using Orleans.StatefulSets.Server.Tests.Samples;

namespace Orleans.StatefulSets.Server.Tests.Fuzzing;

/// <summary>A path and what was meant by it.</summary>
internal sealed record FuzzPath(string Text, ServedKind Kind, string Namespace, string Name, string Subresource)
{
    public bool IsCollection => Name.Length == 0;
}

/// <summary>Paths that are served, and their near misses.</summary>
internal sealed class PathGenerator(IReadOnlyList<ServedKind> kinds, Random random)
{
    private static readonly string[] Namespaces = ["default", "default", "fuzz-a", "fuzz-b", "n1", "kube-system", "missing"];

    private static readonly string[] Pages =
    [
        "/", "/api", "/apis", "/api/v1", "/apis/apps", "/apis/apps/v1", "/apis/policy/v1", "/apis/nothing", "/apis/apps/v2", "/api/v2", "/openapi/v2", "/openapi/v3", "/openapi/v3/apis/apps/v1?hash=x", "/openapi/v4",
        "/version", "/version/", "/version/x", "/livez", "/readyz?verbose", "/healthz/ping", "/readyz/x", "/metrics", "/logs", "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", "/nothing", "//", "/api//v1///pods",
        "/apis/authentication.k8s.io/v1/selfsubjectreviews", "/apis//v1/pods", "/api/v1/namespaces//pods", "/api/v1/namespaces/default/bindings", "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews",
    ];

    private readonly BodyMutations mutations = new(random);

    public FuzzPath Next()
    {
        var kind = Kind();
        var @namespace = random.Next(50) == 0 ? mutations.Pick(OddValues.Names) : mutations.Pick(Namespaces);
        var name = random.Next(4) == 0 ? "" : Name(kind);
        var subresource = name.Length == 0 || random.Next(5) > 0 ? ""
            : random.Next(8) == 0 || kind.Subresources.Count == 0 ? mutations.Pick((string[])["status", "scale", "exec", "log", "x", "finalize", "eviction", "binding", "token", "proxy", "%00"])
            : mutations.Pick(kind.Subresources);
        var text = kind.Collection(random.Next(15) == 0 ? "" : @namespace) + (name.Length == 0 ? "" : $"/{name}") + (subresource.Length == 0 ? "" : $"/{subresource}");
        return new FuzzPath(random.Next(40) == 0 ? NearMiss(text) : text, kind, @namespace, name, subresource);
    }

    // Every kind is as likely as any other, but pages that cost much to write are rare.
    private ServedKind Kind() => mutations.Pick(kinds);

    private string Name(ServedKind kind) => random.Next(30) == 0 ? mutations.Pick(OddValues.Names)
        : kind.Plural == "nodes" && random.Next(3) == 0 ? $"node-{random.Next(1, 4)}"
        : kind.Plural == "pods" && random.Next(3) == 0 ? $"n{random.Next(6)}-{random.Next(2)}"
        : $"n{random.Next(6)}";

    private string NearMiss(string text)
    {
        var segments = text.Split('/').ToList();
        var at = random.Next(1, segments.Count);
        switch (random.Next(9))
        {
            case 0:
                return mutations.Pick(Pages);
            case 1:
                segments.RemoveAt(at);
                break;
            case 2:
                segments.Insert(at, mutations.Pick((string[])["", "x", "watch", "namespaces", "..", "proxy", "v1"]));
                break;
            case 3:
                segments[at] = mutations.Pick((string[])["v1", "v2", "v1beta1", "pod", "Pods", "apps", "extensions", "api", "apis", "namespaces", "watch", "%00", "\u00e9"]);
                break;
            case 4:
                return text + "/";
            case 5:
                return text + "%2Fx";
            case 6:
                segments.Insert(text.StartsWith("/apis", StringComparison.Ordinal) ? 4 : 3, "watch");
                break;
            case 7:
                return "http://other.example" + text;
            default:
                segments[at] = segments[at].ToUpperInvariant();
                break;
        }

        return string.Join('/', segments);
    }
}
