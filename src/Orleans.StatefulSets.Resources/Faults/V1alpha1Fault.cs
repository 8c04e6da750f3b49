using System.ComponentModel;
using System.Text.Json.Serialization;
using k8s;
using k8s.Models;

namespace Orleans.StatefulSets.Resources.Faults;

/// <summary>Something that goes wrong in the emulated cluster on purpose. The kind is the emulator's own: no real cluster has it.</summary>
/// <remarks>The client library stamps kinds, versions and metadata through its interfaces; to everybody else the object never changes.</remarks>
[KubernetesEntity(Group = KubeGroup, ApiVersion = KubeApiVersion, Kind = KubeKind, PluralName = KubePluralName)]
[Description("Fault is something that goes wrong in the emulated cluster on purpose: what, to whom, from when and for how long, in simulated time. Deleting it lifts it.")]
public sealed record V1alpha1Fault : IKubernetesObject<V1ObjectMeta>
{
    public const string KubeGroup = "emulator.statefulsets";
    public const string KubeApiVersion = "v1alpha1";
    public const string KubeKind = "Fault";
    public const string KubePluralName = "faults";

    private string? apiVersion;
    private string? kind;
    private V1ObjectMeta metadata = new();

    [JsonPropertyName("apiVersion")]
    [Description("APIVersion is emulator.statefulsets/v1alpha1.")]
    public string? ApiVersion
    {
        get => apiVersion;
        init => apiVersion = value;
    }

    [JsonPropertyName("kind")]
    [Description("Kind is Fault.")]
    public string? Kind
    {
        get => kind;
        init => kind = value;
    }

    [JsonPropertyName("metadata")]
    [Description("Standard object's metadata.")]
    public V1ObjectMeta Metadata
    {
        get => metadata;
        init => metadata = value;
    }

    [JsonPropertyName("spec")]
    [Description("Spec says what goes wrong. It can't be changed: delete the Fault and make another one.")]
    public V1alpha1FaultSpec Spec { get; init; } = new();

    [JsonPropertyName("status")]
    [Description("Status says how far it has come. Written by the emulator.")]
    public V1alpha1FaultStatus? Status { get; init; }

    string IKubernetesObject.ApiVersion
    {
        get => apiVersion!;
        set => apiVersion = value;
    }

    string IKubernetesObject.Kind
    {
        get => kind!;
        set => kind = value;
    }

    V1ObjectMeta IMetadata<V1ObjectMeta>.Metadata
    {
        get => metadata;
        set => metadata = value;
    }
}
