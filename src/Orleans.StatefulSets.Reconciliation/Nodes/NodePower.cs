using System.Globalization;
using k8s.Models;
using Orleans.StatefulSets.Resources.Errors;
using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Resources.Objects;

namespace Orleans.StatefulSets.Reconciliation.Nodes;

/// <summary>
/// Whether a node's machine runs. An annotation is its switch, so that <c>kubectl annotate node node-1 emulator.statefulsets/power=off</c>
/// crashes it, and taking the annotation away, or setting it to <c>on</c>, boots it again; <c>frozen</c> makes it hang until then, and lose
/// nothing. When that happened is stamped beside it.
/// </summary>
public static class NodePower
{
    /// <summary>The switch: <see cref="Off"/>, <see cref="Frozen"/> or <c>on</c>; a node without it is on.</summary>
    public const string Switch = "emulator.statefulsets/power";

    /// <summary>The switch of a machine that does not run.</summary>
    public const string Off = "off";

    /// <summary>The switch of a machine that hangs.</summary>
    public const string Frozen = "frozen";

    /// <summary>When the machine went off, in simulated time (RFC 3339); absent while it is on.</summary>
    public const string OffSinceAnnotation = "emulator.statefulsets/power-off-since";

    /// <summary>When the machine came up again the last time, in simulated time (RFC 3339).</summary>
    public const string BootedAtAnnotation = "emulator.statefulsets/booted-at";

    /// <summary>When the machine began to hang, in simulated time (RFC 3339); it stays where it goes off without having said a word.</summary>
    public const string FrozenSinceAnnotation = "emulator.statefulsets/frozen-since";

    /// <summary>When the machine went on the last time after it hung, in simulated time (RFC 3339).</summary>
    public const string ThawedAtAnnotation = "emulator.statefulsets/thawed-at";

    private static readonly string[] Moments = [OffSinceAnnotation, BootedAtAnnotation, FrozenSinceAnnotation, ThawedAtAnnotation];

    /// <summary>The machine does not run: its kubelet is silent and its containers are dead.</summary>
    public static bool IsOff(V1Node node) => Annotation(node, Switch) == Off;

    /// <summary>The machine hangs: its kubelet is silent, and its containers stand still.</summary>
    public static bool IsFrozen(V1Node node) => Annotation(node, Switch) == Frozen;

    /// <summary>Nothing is to be heard of the machine.</summary>
    public static bool IsSilent(V1Node node) => IsOff(node) || IsFrozen(node);

    /// <summary>Since when nothing is to be heard of the machine; null where it runs.</summary>
    public static DateTime? SilentSince(V1Node node)
    {
        if (!IsSilent(node))
        {
            return null;
        }

        var (off, frozen) = (IsOff(node) ? Time(node, OffSinceAnnotation) : null, Time(node, FrozenSinceAnnotation));
        return off is null || frozen < off ? frozen ?? off : off;
    }

    /// <summary>When the machine came up again after it was off; null where it never was.</summary>
    public static DateTime? BootedAt(V1Node node) => Time(node, BootedAtAnnotation);

    /// <summary>When the machine went on after it hung; null where it never did.</summary>
    public static DateTime? ThawedAt(V1Node node) => Time(node, ThawedAtAnnotation);

    /// <summary>The node as it is to be stored when somebody wrote it: the moments are stamped where the switch was moved.</summary>
    /// <param name="next">The node as written.</param>
    /// <param name="before">The node as stored, null for a new one.</param>
    /// <param name="now">The simulated time.</param>
    /// <exception cref="ApiException">422: the switch stands on something else.</exception>
    public static V1Node Stamp(V1Node next, V1Node? before, DateTime now)
    {
        if (Annotation(next, Switch) is { } value and not ("on" or Off or Frozen))
        {
            throw ApiErrors.Invalid(ResourceKinds.Nodes, next.Metadata.Name, [new FieldError(
                "FieldValueNotSupported", $"metadata.annotations[{Switch}]", $"Unsupported value: \"{value}\": supported values: \"frozen\", \"off\", \"on\"")]);
        }

        var kept = Keep(next, before);
        var (wasOff, wasFrozen) = before is null ? (false, false) : (IsOff(before), IsFrozen(before));
        var time = TimeText.Seconds(now);
        return (wasOff, wasFrozen) switch
        {
            (true, _) when !IsOff(next) => Booted(
                Annotate(kept, (OffSinceAnnotation, null), (FrozenSinceAnnotation, IsFrozen(next) ? time : null), (BootedAtAnnotation, time)), now),
            (false, _) when IsOff(next) => Annotate(kept, (OffSinceAnnotation, time)),
            (_, true) when !IsSilent(next) => Annotate(kept, (FrozenSinceAnnotation, null), (ThawedAtAnnotation, time)),
            (_, false) when IsFrozen(next) => Annotate(kept, (FrozenSinceAnnotation, time)),
            _ => kept,
        };
    }

    private static V1Node Booted(V1Node node, DateTime now) => node.Status?.NodeInfo is { } info
        ? node with { Status = node.Status with { NodeInfo = info with { BootID = NodeObjects.BootId(node.Metadata.Name, now) } } }
        : node;

    // The moments are the emulator's: a client that applies a manifest without them does not take them away.
    private static V1Node Keep(V1Node next, V1Node? before) => before is null
        ? next
        : Annotate(next, [.. Moments.Select(moment => (moment, Annotation(before, moment)))]);

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
