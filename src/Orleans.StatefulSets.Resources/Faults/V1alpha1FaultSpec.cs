using System.ComponentModel;
using System.Text.Json.Serialization;

namespace Orleans.StatefulSets.Resources.Faults;

/// <summary>What goes wrong, to whom, when and how often.</summary>
[Description("FaultSpec says what goes wrong, to whom, when and how often.")]
public sealed record V1alpha1FaultSpec
{
    [JsonPropertyName("action")]
    [Description("Action is what goes wrong. One of NodeCrash, NodeFreeze, NodeDrain, NodeRemove, ContainerKill, ImagePullFailure, VolumeProvisioningFailure, ProbeFailure, APIError, APIDelay.")]
    public string? Action { get; init; }

    [JsonPropertyName("count")]
    [Description("Count is how often it happens at most: to so many nodes, containers, tries or requests. Without it there is no bound.")]
    public int? Count { get; init; }

    [JsonPropertyName("delay")]
    [Description("Delay is how much later requests are answered, such as 300ms or 2s, in simulated time. For APIDelay, which needs it.")]
    public string? Delay { get; init; }

    [JsonPropertyName("duration")]
    [Description("Duration is how long it lasts, such as 30s or 1h10m, in simulated time. Without it it lasts until the Fault is deleted.")]
    public string? Duration { get; init; }

    [JsonPropertyName("percent")]
    [Description("Percent is the chance, from 1 to 100, with which each node, container, try or request that is selected is hit. Defaults to 100.")]
    public int? Percent { get; init; }

    [JsonPropertyName("period")]
    [Description("Period is the time between two rounds of kills, such as 1m. For ContainerKill; without it there is one round.")]
    public string? Period { get; init; }

    [JsonPropertyName("probe")]
    [Description("Probe is which probe fails. One of liveness, readiness, startup. For ProbeFailure, which needs it.")]
    public string? Probe { get; init; }

    [JsonPropertyName("seed")]
    [Description("Seed decides what chance does: a Fault of the same name, spec and seed hits the same again. Defaults to 0.")]
    public long? Seed { get; init; }

    [JsonPropertyName("selector")]
    [Description("Selector says who is hit. What is not said is not asked: without a selector everything is hit that the action can hit. Actions on nodes and ContainerKill need one.")]
    public V1alpha1FaultSelector? Selector { get; init; }

    [JsonPropertyName("startAfter")]
    [Description("StartAfter is how long after its creation it begins, such as 10s, in simulated time. Without it it begins at once.")]
    public string? StartAfter { get; init; }

    [JsonPropertyName("statusCode")]
    [Description("StatusCode is what requests are refused with. One of 403, 409, 429, 500, 503, 504; defaults to 500. For APIError.")]
    public int? StatusCode { get; init; }
}
