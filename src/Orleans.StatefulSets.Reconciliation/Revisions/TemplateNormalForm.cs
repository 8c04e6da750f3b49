using System.Text;
using System.Text.Json;

namespace Orleans.StatefulSets.Reconciliation.Revisions;

/// <summary>
/// A pod template as Go encodes it: what <c>omitempty</c> drops is gone, what Go writes though nobody gave it (a container's
/// <c>resources</c>, the metadata's <c>creationTimestamp</c>) is there. By the struct tags of <c>k8s.io/api/core/v1/types.go</c>.
/// </summary>
internal static class TemplateNormalForm
{
    // Maps keep each entry, and are dropped when they are empty; an empty struct behind a pointer (emptyDir: {}) stays.
    private static readonly HashSet<string> Maps =
        ["labels", "annotations", "nodeSelector", "matchLabels", "limits", "requests", "overhead", "volumeAttributes", "options"];

    private static readonly HashSet<string> PlainBooleans =
        ["hostNetwork", "hostPID", "hostIPC", "stdin", "stdinOnce", "tty", "readOnly", "chapAuthDiscovery", "chapAuthSession"];

    private static readonly HashSet<string> PlainNumbers =
        ["hostPort", "initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold", "partition"];

    private static readonly HashSet<string> KeptTexts = ["storageClassName", "volumeAttributesClassName", "service"];

    private static readonly HashSet<string> Containers = ["containers", "initContainers", "ephemeralContainers"];

    /// <summary>Appends the template, an object, with <paramref name="opening"/> as its first member (<c>"$patch":"replace"</c> sorts first).</summary>
    internal static void Append(StringBuilder output, JsonElement template, string opening)
    {
        var members = Members(template, "template");
        Require(members, "metadata", text => text.Append("{\"creationTimestamp\":null}"));
        Require(members, "spec", text => text.Append("{\"containers\":null}"));
        Write(output, members, opening);
    }

    private static void AppendValue(StringBuilder output, JsonElement value, string key, string parent)
    {
        if (value.ValueKind == JsonValueKind.Object && Maps.Contains(key))
        {
            GoJson.Append(output, value);
        }
        else if (value.ValueKind == JsonValueKind.Object)
        {
            AppendStruct(output, value, key, parent);
        }
        else if (value.ValueKind == JsonValueKind.Array)
        {
            AppendList(output, value, key);
        }
        else
        {
            GoJson.Append(output, value);
        }
    }

    private static void AppendStruct(StringBuilder output, JsonElement value, string key, string parent)
    {
        var members = Members(value, key);
        if (key == "metadata" && parent is "template" or "volumeClaimTemplate")
        {
            Require(members, "creationTimestamp", text => text.Append("null"));
        }

        if (key == "volumeClaimTemplate")
        {
            Require(members, "metadata", text => text.Append("{\"creationTimestamp\":null}"));
        }

        if (Containers.Contains(key) || (key == "spec" && parent == "volumeClaimTemplate"))
        {
            Require(members, "resources", text => text.Append("{}"));
        }

        if (key == "spec" && parent == "template")
        {
            Require(members, "containers", text => text.Append("null"));
        }

        Write(output, members, "");
    }

    private static void AppendList(StringBuilder output, JsonElement value, string key)
    {
        output.Append('[');
        var first = true;
        foreach (var item in value.EnumerateArray())
        {
            _ = first ? output : output.Append(',');
            first = false;
            AppendValue(output, item, key, key);
        }

        output.Append(']');
    }

    private static SortedDictionary<string, Action<StringBuilder>> Members(JsonElement value, string key)
    {
        var members = new SortedDictionary<string, Action<StringBuilder>>(StringComparer.Ordinal);
        foreach (var property in value.EnumerateObject().Where(property => !Omitted(property, key)))
        {
            members[property.Name] = text => AppendValue(text, property.Value, property.Name, key);
        }

        return members;
    }

    private static bool Omitted(JsonProperty property, string parent) => property.Value.ValueKind switch
    {
        JsonValueKind.Null => true,
        JsonValueKind.String => property.Value.ValueEquals("") && !KeptTexts.Contains(property.Name) && !(parent == "httpHeaders" && property.Name == "value"),
        JsonValueKind.Array => property.Value.GetArrayLength() == 0 && !(parent == "spec" && property.Name == "containers"),
        JsonValueKind.Object => Maps.Contains(property.Name) && !property.Value.EnumerateObject().Any(),
        JsonValueKind.False => PlainBooleans.Contains(property.Name) && parent is not ("azureDisk" or "csi"),
        JsonValueKind.Number => PlainNumbers.Contains(property.Name) && property.Value.GetRawText() == "0",
        _ => false,
    };

    private static void Require(SortedDictionary<string, Action<StringBuilder>> members, string name, Action<StringBuilder> zero) =>
        members.TryAdd(name, text => zero(text));

    private static void Write(StringBuilder output, SortedDictionary<string, Action<StringBuilder>> members, string opening)
    {
        output.Append('{').Append(opening);
        var first = opening.Length == 0;
        foreach (var (name, append) in members)
        {
            _ = first ? output : output.Append(',');
            first = false;
            GoJson.AppendString(output, name);
            output.Append(':');
            append(output);
        }

        output.Append('}');
    }
}
