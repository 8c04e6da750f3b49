using System.ComponentModel;
using System.Text.Json.Serialization;
using k8s.Models;

namespace Orleans.StatefulSets.Resources.Faults;

/// <summary>A node that a Fault was done to.</summary>
[Description("FaultNode is a node that a Fault was done to.")]
public sealed record V1alpha1FaultNode
{
    [JsonPropertyName("capacity")]
    [Description("Capacity is what the machine had, where its Node was removed: it comes back with it.")]
    public IDictionary<string, ResourceQuantity>? Capacity { get; init; }

    [JsonPropertyName("labels")]
    [Description("Labels are those that the Node had, where it was removed: it comes back with them.")]
    public IDictionary<string, string>? Labels { get; init; }

    [JsonPropertyName("name")]
    [Description("Name of the node.")]
    public string? Name { get; init; }

    [JsonPropertyName("uid")]
    [Description("UID of the Node when it was chosen.")]
    public string? Uid { get; init; }
}
