using k8s.Models;
using Orleans.StatefulSets.Resources.Kinds;

namespace Orleans.StatefulSets.Resources.Decoding;

/// <summary>The kind that a URL and its verb expect in the body.</summary>
internal sealed record DecodeTarget(string Group, string Version, string Kind, Type ModelType)
{
    public static readonly DecodeTarget Scale = new("autoscaling", "v1", "Scale", typeof(V1Scale));
    public static readonly DecodeTarget Binding = new("", "v1", "Binding", typeof(V1Binding));
    public static readonly DecodeTarget Eviction = new("policy", "v1", "Eviction", typeof(V1Eviction));
    public static readonly DecodeTarget DeleteOptions = new("", "v1", "DeleteOptions", typeof(V1DeleteOptions));

    public string ApiVersion => Group.Length == 0 ? Version : $"{Group}/{Version}";

    public static DecodeTarget Of(ResourceKind kind) => new(kind.Group, kind.Version, kind.Kind, kind.ModelType);
}
