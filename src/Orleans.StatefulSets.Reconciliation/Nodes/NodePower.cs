using System.Globalization;
using k8s.Models;
using Orleans.StatefulSets.Resources.Errors;
using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Resources.Objects;

namespace Orleans.StatefulSets.Reconciliation.Nodes;

/// <summary>
/// Whether a node's machine runs. An annotation is its switch, so that <c>kubectl annotate node node-1 emulator.statefulsets/power=off</c>
/// crashes it, and taking the annotation away, or setting it to <c>on</c>, boots it again. When that happened is stamped beside it.
/// </summary>
public static class NodePower
{
    /// <summary>The switch: <c>off</c> or <c>on</c>; a node without it is on.</summary>
    public const string Switch = "emulator.statefulsets/power";

    /// <summary>When the machine went off, in simulated time (RFC 3339); absent while it is on.</summary>
    public const string OffSinceAnnotation = "emulator.statefulsets/power-off-since";

    /// <summary>When the machine came up again the last time, in simulated time (RFC 3339).</summary>
    public const string BootedAtAnnotation = "emulator.statefulsets/booted-at";

    /// <summary>The machine does not run: its kubelet is silent and its containers are dead.</summary>
    public static bool IsOff(V1Node node) => Annotation(node, Switch) == "off";

    /// <summary>When the machine went off; null while it is on.</summary>
    public static DateTime? OffSince(V1Node node) => IsOff(node) ? Time(node, OffSinceAnnotation) : null;

    /// <summary>When the machine came up again after it was off; null where it never was.</summary>
    public static DateTime? BootedAt(V1Node node) => Time(node, BootedAtAnnotation);

    /// <summary>The node as it is to be stored when somebody wrote it: the moments are stamped where the switch was moved.</summary>
    /// <param name="next">The node as written.</param>
    /// <param name="before">The node as stored, null for a new one.</param>
    /// <param name="now">The simulated time.</param>
    /// <exception cref="ApiException">422: the switch stands on something else.</exception>
    public static V1Node Stamp(V1Node next, V1Node? before, DateTime now)
    {
        if (Annotation(next, Switch) is { } value and not ("on" or "off"))
        {
            throw ApiErrors.Invalid(ResourceKinds.Nodes, next.Metadata.Name, [new FieldError(
                "FieldValueNotSupported", $"metadata.annotations[{Switch}]", $"Unsupported value: \"{value}\": supported values: \"off\", \"on\"")]);
        }

        var wasOff = before is not null && IsOff(before);
        if (IsOff(next) == wasOff)
        {
            return Keep(next, before);
        }

        return wasOff
            ? Annotate(next, (OffSinceAnnotation, null), (BootedAtAnnotation, TimeText.Seconds(now))) is var booted && booted.Status?.NodeInfo is { } info
                ? booted with { Status = booted.Status with { NodeInfo = info with { BootID = NodeObjects.BootId(next.Metadata.Name, now) } } }
                : booted
            : Annotate(next, (OffSinceAnnotation, TimeText.Seconds(now)));
    }

    // The moments are the emulator's: a client that applies a manifest without them does not take them away.
    private static V1Node Keep(V1Node next, V1Node? before) => before is null
        ? next
        : Annotate(next, (OffSinceAnnotation, Annotation(before, OffSinceAnnotation)), (BootedAtAnnotation, Annotation(before, BootedAtAnnotation)));

    private static V1Node Annotate(V1Node node, params (string Key, string? Value)[] changes)
    {
        if (changes.All(change => Annotation(node, change.Key) == change.Value))
        {
            return node;
        }

        var annotations = new Dictionary<string, string>(node.Metadata.Annotations ?? new Dictionary<string, string>());
        foreach (var (key, value) in changes)
        {
            if (value is null)
            {
                annotations.Remove(key);
            }
            else
            {
                annotations[key] = value;
            }
        }

        return node with { Metadata = node.Metadata with { Annotations = annotations } };
    }

    private static string? Annotation(V1Node node, string key) =>
        node.Metadata.Annotations is { } annotations && annotations.TryGetValue(key, out var value) ? value : null;

    private static DateTime? Time(V1Node node, string key) => DateTime.TryParse(
        Annotation(node, key), CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal, out var time) ? time : null;
}
