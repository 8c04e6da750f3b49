namespace Orleans.StatefulSets.Server.Tests.Fuzzing;

/// <summary>What clients send where they are wrong, old, clever or hostile.</summary>
internal static class OddValues
{
    /// <summary>Query parameters that the API knows, with values right and wrong, as they stand in a URL.</summary>
    public static IReadOnlyList<(string Name, string[] Values)> Parameters { get; } =
    [
        ("labelSelector",
        [
            "tier=a", "tier%20in%20(a,b)", "!tier", "tier%20notin%20(", "tier==a,step", "a=b=c", "x%20in%20()", "=", ",", "tier!=a", "%E2%98%83", new('a', 900),
            "step%3E1", "step%20gt%2099999999999999999999999", "tier%20in%20(%22)", "a/b/c=d", "-=1", "%00", "tier%3D", "(((", "tier%20in%20(a,,)", "a%20b",
        ]),
        ("fieldSelector",
        [
            "metadata.name=n1", "metadata.namespace!=default", "spec.nodeName=node-1", "status.phase=Running", "foo=bar", "metadata.name", "=", ",",
            "metadata.name=n1,metadata.name=n2", "spec.unschedulable=true", "involvedObject.name=n1", "type=Opaque", "%5C,=", "a%5C", "metadata.name%3D%3Dn1", "%00=1",
        ]),
        ("limit", ["1", "3", "0", "-1", "500", "99999999999999999999", "9223372036854775807", "-9223372036854775808", "abc", "1.5", ""]),
        ("continue",
        [
            "x", "%25%25", "eyJ2IjoibWV0YS5rOHMuaW8vdjEiLCJydiI6MSwic3RhcnQiOiJkZWZhdWx0L24xXHUwMDAwIn0", "bnVsbA", "W10", "e30", "MQ", "InYi",
            "eyJ2Ijoxfi", "eyJ2IjoxLCJydiI6IngiLCJzdGFydCI6W119", "eyJ2IjoibWV0YS5rOHMuaW8vdjEiLCJydiI6LTEsInN0YXJ0IjoiZGVmYXVsdC9uMVx1MDAwMCJ9",
            "eyJ2IjoibWV0YS5rOHMuaW8vdjEiLCJydiI6OTIyMzM3MjAzNjg1NDc3NTgwNywic3RhcnQiOiIvIn0", "eyJ2IjoibWV0YS5rOHMuaW8vdjEiLCJydiI6MWU1LCJzdGFydCI6ImEifQ",
            "eyJ2Ijp7fSwidiI6e319", "eyJ2IjoibWV0YS5rOHMuaW8vdjEiLCJydiI6LTUsInN0YXJ0IjoiXHVkODAwIn0",
        ]),
        ("resourceVersion", ["", "0", "1", "50", "-1", "abc", "18446744073709551615", "99999999999999999999", "%2B1", "0x1", "1.0"]),
        ("resourceVersionMatch", ["Exact", "NotOlderThan", "", "exact", "%22"]),
        ("sendInitialEvents", ["true", "false", "", "x"]),
        ("allowWatchBookmarks", ["true", "false", "", "TRUE", "2"]),
        ("timeoutSeconds", ["1", "0", "-5", "99999999999", "abc", "9223372036854775807", "-9223372036854775808", "4294968", ""]),
        ("timeout", ["1s", "34s", "x", "-1s", ""]),
        ("dryRun", ["All", "", "None", "All&dryRun=All", "%22%0A", "all"]),
        ("fieldValidation", ["Strict", "Warn", "Ignore", "strict", "", "%E2%98%83"]),
        ("fieldManager", ["me", "", new('m', 200), "a%00b", "%E2%98%83", "%0A"]),
        ("force", ["true", "false", "x", ""]),
        ("gracePeriodSeconds", ["0", "1", "-1", "abc", "99999999999999", "9223372036854775807", "9223372036854775808", ""]),
        ("propagationPolicy", ["Background", "Foreground", "Orphan", "foreground", "", "%22"]),
        ("orphanDependents", ["true", "false", "x"]),
        ("pretty", ["true", "false", "1", ""]),
        ("includeObject", ["None", "Metadata", "Object", "x", ""]),
        ("ignoreStoreReadErrorWithClusterBreakingPotential", ["true", "false", "x"]),
        ("watch", ["false", "0", "true", "1", "", "True"]),
        ("%00", ["%00"]),
        ("", [""]),
    ];

    public static IReadOnlyList<string> Names { get; } =
    [
        "UPPER", "a..b", "%2F", "%E2%98%83", "-", ".", "..", "%2e%2e", "%25", "name%20space", "%ff%fe", "a%3Fb", "a:b", "a%0Ab", new('x', 300), "n1%00", "*", "%", "%zz", "a+b", "~", "'", "%22",
    ];

    public static IReadOnlyList<string> Accepts { get; } =
    [
        "application/json", "application/json;as=Table;v=v1;g=meta.k8s.io,application/json", "application/json;as=Table;v=v1beta1;g=meta.k8s.io",
        "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io", "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io,application/json",
        "application/yaml", "application/vnd.kubernetes.protobuf,application/json", "application/vnd.kubernetes.protobuf", "*/*", "", ";;", "text/html", "application/*;q=0.1",
        "application/json;q=abc", "application/json;as=Table;v=v9;g=meta.k8s.io", "application/json;as=X", ",,,", "application/json;charset=utf-16", "application/json;stream=watch",
        "application/json;as=APIGroupDiscoveryList;v=v2;g=apidiscovery.k8s.io", "application/cbor",
    ];

    public static IReadOnlyList<string> ContentTypes { get; } =
    [
        "application/json; charset=utf-8", "application/json;charset=utf-16", "application/json;;;", "APPLICATION/JSON", "*/*", "application/cbor", "text/plain", "", "json", ";", "application/json, application/yaml",
        "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/yaml", "application/vnd.kubernetes.protobuf", "application/vnd.kubernetes.protobuf;type=v1.Pod",
        "application/json-patch+json", "application/merge-patch+json", "application/strategic-merge-patch+json", "application/apply-patch+yaml", "application/apply-patch+cbor",
    ];

    public static IReadOnlyList<string> Methods { get; } = ["HEAD", "OPTIONS", "TRACE", "get", "FOO", "PROPFIND", "PUT", "PATCH", "POST", "DELETE"];

    /// <summary>JSON values that are put where others were expected.</summary>
    public static IReadOnlyList<string> Json { get; } =
    [
        "null", "true", "false", "\"\"", "0", "-1", "1", "1.5", "1e400", "-1e400", "9223372036854775807", "9223372036854775808", "-9223372036854775809", "2147483648", "1E2", "0.1e-5", "[]", "{}", "[null]", "[[]]",
        "[{}]", "{\"\":null}", "{\"a\":{\"a\":{\"a\":[]}}}", "\"x\"", "\"☃\"", "\"\\u0000\"", "\"\\ud800\"", "\"\\ud83d\\ude00\"", "\"-1\"", "\"10Gi\"", "\"1e3\"", "\"-1e3\"", "\"1e99\"", "\"1e999999999\"", "\"99999999999999999999999999999Ei\"", "\"0.0000000000000001n\"",
        "\"150%\"", "\"-5%\"", "\"2025-01-01T00:00:00Z\"", "\"0001-01-01T00:00:00Z\"", "\"9999-12-31T23:59:59.999999999Z\"", "\"2025-13-45T99:00:00Z\"", "\"2025-01-01T00:00:00+23:59\"", "\"UPPER case\"", "\"a/b/c\"", "\"..\"", "\"../../x\"", "\"=\"",
        "\"" + new string('y', 300) + "\"", "[1,\"2\",null,{}]", "{\"$patch\":\"delete\"}", "{\"$patch\":\"replace\"}", "[{\"$patch\":\"delete\",\"name\":\"c\"}]", "[{\"name\":\"c\"},{\"name\":\"c\"}]", "{\"kind\":1}", "01", "NaN", "'x'", "undefined", "{a:1}",
    ];

    /// <summary>Names of fields, of metadata and of others, which are added where they do not belong.</summary>
    public static IReadOnlyList<string> Fields { get; } =
    [
        "metadata", "spec", "status", "data", "name", "namespace", "labels", "annotations", "finalizers", "ownerReferences", "generateName", "resourceVersion", "uid", "creationTimestamp", "deletionTimestamp",
        "deletionGracePeriodSeconds", "generation", "managedFields", "selfLink", "kind", "apiVersion", "unknown", "", "$patch", "$retainKeys", "$setElementOrder/containers", "$deleteFromPrimitiveList/finalizers",
        "replicas", "template", "selector", "matchExpressions", "containers", "initContainers", "volumes", "affinity", "tolerations", "topologySpreadConstraints", "nodeName", "priority", "overhead", "resources",
        "conditions", "phase", "taints", "capacity", "allocatable", "hard", "used", "immutable", "stringData", "binaryData", "volumeClaimTemplates", "updateStrategy", "minReadySeconds", "ordinals",
        "persistentVolumeClaimRetentionPolicy", "revisionHistoryLimit", "clusterIP", "ports", "sessionAffinityConfig", "externalIPs", "claimRef", "nodeAffinity", "value", "globalDefault", "series", "eventTime",
        "limits", "scopeSelector", "securityContext", "ephemeralContainers", "readinessGates", "dnsConfig", "hostAliases", "schedulingGates", "resourceClaims", "terminationGracePeriodSeconds", "activeDeadlineSeconds",
    ];
}
