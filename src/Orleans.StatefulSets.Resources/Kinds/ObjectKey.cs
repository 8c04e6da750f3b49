namespace Orleans.StatefulSets.Resources.Kinds;

/// <summary>
/// The name of one object in the cluster: what kind of thing, in which namespace, called what.
/// It is the key of the object's row, of its grain and of its place in a replica.
/// </summary>
/// <param name="Resource">The plural with its group, <c>pods</c> or <c>statefulsets.apps</c>, as in <see cref="ResourceKind.Resource"/>.</param>
/// <param name="Namespace">The namespace, or "" for a cluster-scoped object.</param>
/// <param name="Name">The object's name.</param>
public readonly record struct ObjectKey(string Resource, string Namespace, string Name)
{
    /// <summary>Reads <c>resource/namespace/name</c> back; Kubernetes names hold no slash, so the split is exact.</summary>
    /// <exception cref="FormatException">The text is not of that shape.</exception>
    public static ObjectKey Parse(string text)
    {
        var first = text.IndexOf('/');
        var second = first < 0 ? -1 : text.IndexOf('/', first + 1);
        if (second < 0)
        {
            throw new FormatException($"'{text}' is not resource/namespace/name");
        }

        return new ObjectKey(text[..first], text[(first + 1)..second], text[(second + 1)..]);
    }

    /// <summary>The text form, <c>pods/default/web-0</c> or <c>nodes//node-1</c>.</summary>
    public override string ToString() => $"{Resource}/{Namespace}/{Name}";
}
