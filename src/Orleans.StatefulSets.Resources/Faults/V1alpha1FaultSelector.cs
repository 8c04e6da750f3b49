using System.ComponentModel;
using System.Text.Json.Serialization;
using k8s.Models;

namespace Orleans.StatefulSets.Resources.Faults;

/// <summary>Who is hit. A field that is not set asks nothing; what several of them ask must all be so.</summary>
[Description("FaultSelector says who is hit. Names may hold * for any letters and ? for any one letter.")]
public sealed record V1alpha1FaultSelector
{
    [JsonPropertyName("claims")]
    [Description("Claims are names of PersistentVolumeClaims. For VolumeProvisioningFailure.")]
    public IList<string>? Claims { get; init; }

    [JsonPropertyName("containers")]
    [Description("Containers are names of containers. For ContainerKill, ImagePullFailure and ProbeFailure.")]
    public IList<string>? Containers { get; init; }

    [JsonPropertyName("images")]
    [Description("Images are images as pods name them. For ContainerKill, ImagePullFailure and ProbeFailure.")]
    public IList<string>? Images { get; init; }

    [JsonPropertyName("labelSelector")]
    [Description("LabelSelector selects the nodes, pods or claims that are hit by their labels. Not for APIError and APIDelay.")]
    public V1LabelSelector? LabelSelector { get; init; }

    [JsonPropertyName("namespaces")]
    [Description("Namespaces are those of the pods, claims or requests. Not for actions on nodes.")]
    public IList<string>? Namespaces { get; init; }

    [JsonPropertyName("nodes")]
    [Description("Nodes are names of the nodes that are hit, or on which pods are. Not for VolumeProvisioningFailure, APIError and APIDelay.")]
    public IList<string>? Nodes { get; init; }

    [JsonPropertyName("pods")]
    [Description("Pods are names of pods. For ContainerKill, ImagePullFailure and ProbeFailure.")]
    public IList<string>? Pods { get; init; }

    [JsonPropertyName("resources")]
    [Description("Resources are those of the requests, such as pods, pods/status or statefulsets.apps. For APIError and APIDelay; requests to faults are never hit.")]
    public IList<string>? Resources { get; init; }

    [JsonPropertyName("storageClasses")]
    [Description("StorageClasses are names of the claims' classes. For VolumeProvisioningFailure.")]
    public IList<string>? StorageClasses { get; init; }

    [JsonPropertyName("userAgents")]
    [Description("UserAgents are what clients call themselves, such as kubectl*. For APIError and APIDelay.")]
    public IList<string>? UserAgents { get; init; }

    [JsonPropertyName("verbs")]
    [Description("Verbs are those of the requests: get, list, watch, create, update, patch, delete, deletecollection. For APIError and APIDelay.")]
    public IList<string>? Verbs { get; init; }
}
