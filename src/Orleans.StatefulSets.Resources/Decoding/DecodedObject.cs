namespace Orleans.StatefulSets.Resources.Decoding;

/// <summary>What a client's JSON turned into.</summary>
/// <param name="Model">The model; nobody else holds it yet. Its metadata is never null, its apiVersion and kind are filled in.</param>
/// <param name="Warnings">Texts for <c>Warning:</c> headers: <c>unknown field "spec.foo"</c>.</param>
public sealed record DecodedObject(object Model, IReadOnlyList<string> Warnings);
