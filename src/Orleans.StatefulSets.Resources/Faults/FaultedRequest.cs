namespace Orleans.StatefulSets.Resources.Faults;

/// <summary>What a fault asks of a request to the API.</summary>
/// <param name="Verb"><c>get</c>, <c>list</c>, <c>watch</c>, <c>create</c>, <c>update</c>, <c>patch</c>, <c>delete</c> or <c>deletecollection</c>.</param>
/// <param name="Resource">The plural, with a subresource after a slash: <c>pods</c>, <c>pods/status</c>.</param>
/// <param name="Group">The API group; "" for the core group.</param>
/// <param name="Namespace">The namespace, or "".</param>
/// <param name="Name">The object's name, or "" for a collection.</param>
/// <param name="UserAgent">What the client calls itself.</param>
public sealed record FaultedRequest(string Verb, string Resource, string Group, string Namespace, string Name, string UserAgent)
{
    /// <summary>The resource with its group, <c>statefulsets.apps/scale</c>; the core group adds nothing.</summary>
    public string ResourceWithGroup
    {
        get
        {
            var slash = Resource.IndexOf('/');
            return Group.Length == 0 ? Resource
                : slash < 0 ? $"{Resource}.{Group}"
                : $"{Resource[..slash]}.{Group}{Resource[slash..]}";
        }
    }
}
