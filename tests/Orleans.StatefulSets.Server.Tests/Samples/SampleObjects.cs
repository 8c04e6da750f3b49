using System.Text.Json.Nodes;

namespace Orleans.StatefulSets.Server.Tests.Samples;

/// <summary>Small valid objects of every kind, each a little different.</summary>
internal static class SampleObjects
{
    private const string Container = """{"name":"c","image":"nginx","ports":[{"containerPort":80,"name":"web"}],"resources":{"requests":{"cpu":"10m","memory":"16Mi"}}}""";

    private const string Pod = """{"spec":{"terminationGracePeriodSeconds":<n>,"containers":[<container>]}}""";

    private const string IdlePod = """{"spec":{"restartPolicy":"Never","containers":[{"name":"c","image":"busybox","command":["sleep","<n>"]}],"nodeSelector":{"disk":"none"}}}""";

    private const string Set = """
        {"spec":{"replicas":<replicas>,"serviceName":"web","podManagementPolicy":"<policy>","selector":{"matchLabels":{"app":"web"}},
         "template":{"metadata":{"labels":{"app":"web","tier":"a"}},"spec":{"containers":[<container>]}}<templates>}}
        """;

    private const string Templates = """
        ,"volumeClaimTemplates":[{"metadata":{"name":"more"},"spec":{"accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"1Gi"}}}}]
        """;

    private const string Event = """
        {"involvedObject":{"kind":"Pod","apiVersion":"v1","name":"p<n>","namespace":"<namespace>"},"reason":"Sampled","message":"sample <n>",
         "type":"Normal","source":{"component":"sampler"},"firstTimestamp":"2025-06-01T00:00:00Z","lastTimestamp":"2025-06-01T00:00:0<n>Z","count":<n>}
        """;

    /// <summary>The labels that the samples' <c>tier</c> is one of.</summary>
    public static IReadOnlyList<string> Tiers { get; } = ["a", "b", "c"];

    /// <summary>An object that can be created; a kind that is not known here has metadata alone.</summary>
    public static JsonObject New(ServedKind kind, string @namespace, string name, Random random)
    {
        var item = JsonNode.Parse(Body(kind.Plural, @namespace, random.Next(1, 9)))!.AsObject();
        var metadata = new JsonObject
        {
            ["name"] = name,
            ["labels"] = new JsonObject { ["tier"] = Tiers[random.Next(Tiers.Count)], ["step"] = $"{random.Next(10)}" },
            ["annotations"] = new JsonObject { ["note"] = $"{random.Next()}" },
        };
        if (kind.Namespaced)
        {
            metadata["namespace"] = @namespace;
        }

        item["apiVersion"] = kind.GroupVersion;
        item["kind"] = kind.Kind;
        item["metadata"] = metadata;
        return item;
    }

    private static string Body(string plural, string @namespace, int n) => Template(plural, n)
        .Replace("<container>", Container)
        .Replace("<templates>", n > 6 ? Templates : "")
        .Replace("<headless>", n > 4 ? "\"clusterIP\":\"None\"," : "")
        .Replace("<bound>", n > 4 ? "minAvailable" : "maxUnavailable")
        .Replace("<policy>", n % 2 == 0 ? "Parallel" : "OrderedReady")
        .Replace("<replicas>", $"{n % 3}")
        .Replace("<flag>", n > 6 ? "true" : "false")
        .Replace("<namespace>", @namespace)
        .Replace("<n>", $"{n}");

    private static string Template(string plural, int n) => plural switch
    {
        "configmaps" => """{"data":{"key":"<n>"}}""",
        "secrets" => """{"type":"Opaque","data":{"key":"dmFsdWU="}}""",
        "serviceaccounts" => """{"automountServiceAccountToken":true}""",
        "namespaces" => "{}",
        "nodes" => """{"spec":{"unschedulable":<flag>},"status":{"capacity":{"cpu":"<n>","memory":"4Gi","pods":"20"}}}""",
        "pods" => n > 6 ? IdlePod : Pod,
        "podtemplates" => """{"template":{"metadata":{"labels":{"app":"t"}},"spec":{"containers":[<container>]}}}""",
        "replicationcontrollers" => """{"spec":{"replicas":1,"selector":{"app":"rc"},"template":{"metadata":{"labels":{"app":"rc"}},"spec":{"containers":[<container>]}}}}""",
        "statefulsets" => Set,
        "replicasets" or "deployments" or "daemonsets" =>
            """{"spec":{"selector":{"matchLabels":{"app":"d"}},"template":{"metadata":{"labels":{"app":"d"}},"spec":{"containers":[<container>]}}}}""",
        "controllerrevisions" => """{"revision":<n>,"data":{"spec":{"n":<n>}}}""",
        "services" => """{"spec":{<headless>"selector":{"app":"web"},"ports":[{"name":"web","port":8<n>}]}}""",
        "endpoints" => """{"subsets":[{"addresses":[{"ip":"10.9.0.<n>"}],"ports":[{"name":"web","port":80}]}]}""",
        "endpointslices" => """{"addressType":"IPv4","endpoints":[{"addresses":["10.9.0.<n>"],"conditions":{"ready":true}}],"ports":[{"name":"web","port":80}]}""",
        "persistentvolumeclaims" => """{"spec":{"accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"<n>Gi"}}}}""",
        "persistentvolumes" => """{"spec":{"capacity":{"storage":"<n>Gi"},"accessModes":["ReadWriteOnce"],"hostPath":{"path":"/tmp/v<n>"},"storageClassName":"by-hand"}}""",
        "storageclasses" => """{"provisioner":"example.com/disk","reclaimPolicy":"Delete","volumeBindingMode":"WaitForFirstConsumer"}""",
        "priorityclasses" => """{"value":<n>00,"description":"of a sample"}""",
        "leases" => """{"spec":{"holderIdentity":"h<n>","leaseDurationSeconds":1<n>,"renewTime":"2025-06-01T00:00:0<n>.000000Z"}}""",
        "poddisruptionbudgets" => """{"spec":{"<bound>":1,"selector":{"matchLabels":{"app":"web"}}}}""",
        "limitranges" => """{"spec":{"limits":[{"type":"Container","max":{"memory":"<n>Gi"}}]}}""",
        "resourcequotas" => """{"spec":{"hard":{"configmaps":"3<n>","pods":"2<n>","requests.storage":"200Gi"}}}""",
        // One that hits nobody: what else a test does is not its business.
        "faults" => """{"spec":{"action":"ImagePullFailure","percent":<n>0,"selector":{"images":["nosuch-<n>*"]},"startAfter":"<n>s"}}""",
        "events" => Event,
        _ => "{}",
    };
}
