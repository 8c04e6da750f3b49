using Orleans.StatefulSets.Server.Tests.Samples;

namespace Orleans.StatefulSets.Server.Tests.Watches;

/// <summary>Which objects of a kind a list or a watch is about.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Namespace">A namespace, or "" for all.</param>
/// <param name="Tier">The value of the label <c>tier</c> that is asked for, or "" for any.</param>
/// <param name="Name">The name that a field selector asks for, or "" for any.</param>
internal sealed record WatchScope(ServedKind Kind, string Namespace = "", string Tier = "", string Name = "")
{
    public string Path => Kind.Collection(Namespace);

    public string Query => (Tier.Length == 0 ? "" : $"&labelSelector=tier%3D{Tier}") + (Name.Length == 0 ? "" : $"&fieldSelector=metadata.name%3D{Name}");

    public bool Holds(ObservedObject item) =>
        (Namespace.Length == 0 || !Kind.Namespaced || item.Namespace == Namespace) && (Tier.Length == 0 || item.Tier == Tier) && (Name.Length == 0 || item.Name == Name);

    public override string ToString() => $"{Path}?{Query}";
}
