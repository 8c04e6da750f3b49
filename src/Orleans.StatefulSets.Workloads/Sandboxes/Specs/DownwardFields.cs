using System.Globalization;
using k8s.Models;

namespace Orleans.StatefulSets.Workloads.Sandboxes;

/// <summary>What a pod is told of itself (<c>fieldRef</c>, <c>resourceFieldRef</c>: <c>pkg/fieldpath</c>, <c>pkg/api/v1/resource</c>).</summary>
public static class DownwardFields
{
    /// <summary>The value of a field; null for one that there is not.</summary>
    public static string? Find(V1Pod pod, string path)
    {
        var open = path.IndexOf('[', StringComparison.Ordinal);
        if (open > 0 && path.EndsWith(']'))
        {
            var key = path[(open + 1)..^1].Trim('\'', '"');
            return path[..open] switch
            {
                "metadata.labels" => Value(pod.Metadata.Labels, key),
                "metadata.annotations" => Value(pod.Metadata.Annotations, key),
                _ => null,
            };
        }

        return path switch
        {
            "metadata.name" => pod.Metadata.Name,
            "metadata.namespace" => pod.Metadata.NamespaceProperty,
            "metadata.uid" => pod.Metadata.Uid,
            "metadata.labels" => Lines(pod.Metadata.Labels),
            "metadata.annotations" => Lines(pod.Metadata.Annotations),
            "spec.nodeName" => pod.Spec.NodeName ?? "",
            "spec.serviceAccountName" => pod.Spec.ServiceAccountName ?? "",
            "status.hostIP" => pod.Status?.HostIP ?? "",
            "status.hostIPs" => string.Join(',', (pod.Status?.HostIPs ?? []).Select(address => address.Ip)),
            "status.podIP" => pod.Status?.PodIP ?? "",
            "status.podIPs" => string.Join(',', (pod.Status?.PodIPs ?? []).Select(address => address.Ip)),
            _ => null,
        };
    }

    /// <summary>The value of a container's resource, in units of the divisor, rounded up; null for one that there is not.</summary>
    public static string? Find(V1Container container, V1ResourceFieldSelector selector, V1Node? node)
    {
        var name = selector.Resource[(selector.Resource.IndexOf('.', StringComparison.Ordinal) + 1)..];
        if (name is not ("cpu" or "memory" or "ephemeral-storage"))
        {
            return null;
        }

        var isLimit = selector.Resource.StartsWith("limits.", StringComparison.Ordinal);
        var given = (isLimit ? container.Resources?.Limits : container.Resources?.Requests)?.TryGetValue(name, out var quantity) == true ? quantity
            : isLimit && node?.Status?.Allocatable?.TryGetValue(name, out var allocatable) == true ? allocatable
            : new ResourceQuantity("0");
        var divisor = selector.Divisor is { } asked && asked.ToDecimal() > 0 ? asked.ToDecimal() : 1;
        return Math.Ceiling(given.ToDecimal() / divisor).ToString("0", CultureInfo.InvariantCulture);
    }

    private static string Value(IDictionary<string, string>? map, string key) => map?.TryGetValue(key, out var value) == true ? value : "";

    // FormatMap: sorted, values in Go's quotes.
    private static string Lines(IDictionary<string, string>? map) => string.Join('\n', (map ?? new Dictionary<string, string>())
        .OrderBy(pair => pair.Key, StringComparer.Ordinal)
        .Select(pair => $"{pair.Key}=\"{string.Concat(pair.Value.Select(Quoted))}\""));

    private static string Quoted(char letter) => letter switch
    {
        '\\' => "\\\\",
        '"' => "\\\"",
        '\n' => "\\n",
        '\r' => "\\r",
        '\t' => "\\t",
        < ' ' or '\x7f' => string.Create(CultureInfo.InvariantCulture, $"\\x{(int)letter:x2}"),
        _ => letter.ToString(),
    };
}
