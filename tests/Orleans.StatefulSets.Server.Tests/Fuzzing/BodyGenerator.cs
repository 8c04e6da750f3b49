using System.Text;
using System.Text.Json.Nodes;
using Orleans.StatefulSets.Server.Tests.Samples;

namespace Orleans.StatefulSets.Server.Tests.Fuzzing;

/// <summary>Bodies that suit a request, more or less.</summary>
internal sealed class BodyGenerator(IReadOnlyList<ServedKind> kinds, Random random)
{
    private static readonly string[] Patches =
    [
        "application/json-patch+json", "application/merge-patch+json", "application/strategic-merge-patch+json", "application/strategic-merge-patch+json", "application/apply-patch+yaml",
    ];

    private static readonly string[] Pointers =
    [
        "", "/", "/metadata/labels/tier", "/metadata/labels", "/metadata/annotations/a~1b", "/metadata/finalizers/-", "/spec/replicas", "/spec/template/spec/containers/0", "/spec/template/spec/containers/-",
        "/spec/template/spec/containers/9", "/spec/containers/0/image", "/data/key", "/status", "/spec", "/metadata/name", "/metadata", "/a~2", "/spec/ports/-1", "/spec/ports/01", "/spec/ports/99999999999999999999", "x", "/metadata/uid",
    ];

    private static readonly string[] Yaml =
    [
        "a: &a [x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d]\nf: [*e,*e,*e,*e,*e,*e,*e,*e,*e]\n", "a: &a [*a]", "metadata:\n  name: n1\n  labels: {tier: !!int a}\n", "---\n---\n",
        "metadata: {name: n1}\n---\nmetadata: {name: n2}\n", "? [a, b]\n: c\n", "metadata:\n\tname: n1\n", "metadata: {name: n1, name: n2}\n", "- a\n- b\n", "'", "!!binary x", "<<: {a: b}", "metadata: {name: 1}\ndata: {a: yes, b: 0o17, c: .inf, d: ~}\n",
        "%YAML 9.9\n---\na: b", "a: *missing", "\u0085\u2028: x", "{? : }", "metadata: {name: n1, labels: {null: x, 1: y, true: z, 1.5: w}}", "!!set {a, b}", "!<tag:x> y", "&a", "- - - - -", "{a: [}",
    ];

    private readonly BodyMutations mutations = new(random);
    private readonly ProtobufBodies protobuf = new(random);

    /// <summary>The Content-Type, if one is sent, and the body, which may be empty.</summary>
    public (string? ContentType, byte[] Body) Next(string method, FuzzPath path)
    {
        var (type, body) = method switch
        {
            "PATCH" => Patch(path),
            "DELETE" => random.Next(2) == 0 ? (null, []) : ("application/json", Json(DeleteOptions())),
            "POST" or "PUT" => Whole(path),
            _ => random.Next(20) == 0 ? Whole(path) : (null, []),
        };
        return (random.Next(40) == 0 ? mutations.Pick(OddValues.ContentTypes) : type, random.Next(25) == 0 ? mutations.OfBytes(body) : body);
    }

    private (string? Type, byte[] Body) Whole(FuzzPath path)
    {
        var document = Document(path);
        switch (random.Next(20))
        {
            case 0 or 1:
                var body = protobuf.New(path.Kind, path.Namespace, NameFor(path));
                return ("application/vnd.kubernetes.protobuf", random.Next(3) == 0 ? mutations.OfBytes(body) : body);
            case 2:
                return ("application/yaml", Encoding.UTF8.GetBytes(mutations.Pick(Yaml)));
            case 3:
                return ("application/yaml", Json(document));
            default:
                return ("application/json", Json(document));
        }
    }

    private (string? Type, byte[] Body) Patch(FuzzPath path)
    {
        var type = mutations.Pick(Patches);
        if (type == "application/json-patch+json")
        {
            var operations = new JsonArray();
            for (var count = random.Next(1, 4); count > 0; count--)
            {
                operations.Add(new JsonObject
                {
                    ["op"] = mutations.Pick((string[])["add", "remove", "replace", "move", "copy", "test", "add", "x", ""]),
                    ["path"] = mutations.Pick(Pointers),
                    ["from"] = random.Next(3) == 0 ? mutations.Pick(Pointers) : null,
                    ["value"] = random.Next(3) == 0 ? "b" : random.Next(2) == 0 ? random.Next(5) : new JsonObject { ["tier"] = "a" },
                });
            }

            return (type, Json(operations));
        }

        var whole = Document(path).AsObject();
        foreach (var name in whole.Select(field => field.Key).ToList())
        {
            if (random.Next(2) == 0)
            {
                whole.Remove(name);
            }
        }

        return (type, Json(whole));
    }

    // Two of three are as they should be.
    private byte[] Json(JsonNode document) => Encoding.UTF8.GetBytes(random.Next(5) < 3 ? document.ToJsonString() : mutations.OfTree(document));

    private JsonNode Document(FuzzPath path)
    {
        var name = NameFor(path);
        JsonObject document = path.Subresource switch
        {
            "scale" => new JsonObject { ["apiVersion"] = "autoscaling/v1", ["kind"] = "Scale", ["metadata"] = Metadata(path, name), ["spec"] = new JsonObject { ["replicas"] = random.Next(3) } },
            "eviction" => new JsonObject { ["apiVersion"] = "policy/v1", ["kind"] = "Eviction", ["metadata"] = Metadata(path, name), ["deleteOptions"] = DeleteOptions() },
            "binding" => new JsonObject { ["apiVersion"] = "v1", ["kind"] = "Binding", ["metadata"] = Metadata(path, name), ["target"] = new JsonObject { ["kind"] = "Node", ["name"] = $"node-{random.Next(1, 4)}" } },
            _ => SampleObjects.New(random.Next(100) == 0 ? mutations.Pick(kinds) : path.Kind, path.Namespace, name, random),
        };
        var metadata = document["metadata"]!.AsObject();
        if (random.Next(12) == 0)
        {
            metadata["finalizers"] = new JsonArray("example.com/stay");
        }

        if (random.Next(30) == 0)
        {
            metadata.Remove("name");
            metadata["generateName"] = random.Next(100) == 0 ? "g-" : "";
        }

        if (random.Next(12) == 0)
        {
            metadata["ownerReferences"] = new JsonArray(new JsonObject { ["apiVersion"] = "v1", ["kind"] = "ConfigMap", ["name"] = "n1", ["uid"] = "00000000-0000-0000-0000-000000000000", ["controller"] = true });
        }

        return document;
    }

    private JsonObject DeleteOptions()
    {
        var options = new JsonObject { ["apiVersion"] = "v1", ["kind"] = "DeleteOptions" };
        if (random.Next(2) == 0)
        {
            options["propagationPolicy"] = mutations.Pick((string[])["Background", "Foreground", "Orphan", "Background"]);
        }

        if (random.Next(2) == 0)
        {
            options["gracePeriodSeconds"] = random.Next(2);
        }

        if (random.Next(4) == 0)
        {
            options["preconditions"] = new JsonObject { ["uid"] = "x", ["resourceVersion"] = "1" };
        }

        return options;
    }

    private static JsonObject Metadata(FuzzPath path, string name) => new() { ["name"] = name, ["namespace"] = path.Namespace };

    // A name in the body that is that of the path, which most of the time is right.
    private string NameFor(FuzzPath path) => path.Name.Length > 0 && random.Next(40) > 0 ? Uri.UnescapeDataString(path.Name) : $"n{random.Next(6)}";
}
