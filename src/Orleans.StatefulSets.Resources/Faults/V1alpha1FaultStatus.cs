using System.ComponentModel;
using System.Text.Json.Serialization;
using k8s.Models;

namespace Orleans.StatefulSets.Resources.Faults;

/// <summary>How far a Fault has come.</summary>
[Description("FaultStatus says how far a Fault has come.")]
public sealed record V1alpha1FaultStatus
{
    [JsonPropertyName("conditions")]
    [Description("Conditions has one of the type Active.")]
    public IList<V1Condition>? Conditions { get; init; }

    [JsonPropertyName("endsAt")]
    [Description("EndsAt is when it ends or ended, where that is known.")]
    public DateTime? EndsAt { get; init; }

    [JsonPropertyName("injections")]
    [Description("Injections is how often it has happened: nodes hit, containers killed, tries that failed, requests refused or delayed.")]
    public int? Injections { get; init; }

    [JsonPropertyName("nodes")]
    [Description("Nodes are those that were chosen when it began, for actions on nodes.")]
    public IList<V1alpha1FaultNode>? Nodes { get; init; }

    [JsonPropertyName("observedGeneration")]
    [Description("ObservedGeneration is the generation of the spec that this is about.")]
    public long? ObservedGeneration { get; init; }

    [JsonPropertyName("phase")]
    [Description("Phase is one of Pending, Active, Finished.")]
    public string? Phase { get; init; }

    [JsonPropertyName("rounds")]
    [Description("Rounds is how many rounds of kills there were or were missed.")]
    public int? Rounds { get; init; }

    [JsonPropertyName("startedAt")]
    [Description("StartedAt is when it began.")]
    public DateTime? StartedAt { get; init; }
}
