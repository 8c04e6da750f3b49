using Orleans.StatefulSets.Resources.Errors;
using Orleans.StatefulSets.Resources.Objects;
using Orleans.StatefulSets.Resources.Selectors;

namespace Orleans.StatefulSets.Api.Requests;

/// <summary>Which objects of a collection are meant: both selectors of a query.</summary>
internal sealed class Selection
{
    // The text of a selector is bounded by the request line; this bounds what it costs for each object and each change.
    private const int MaxTerms = 1000;

    private readonly LabelSelector? labels;
    private readonly FieldSelector? fields;

    private Selection(LabelSelector? labels, FieldSelector? fields)
    {
        this.labels = labels;
        this.fields = fields;
        if ((labels?.Count ?? 0) + (fields?.Count ?? 0) > MaxTerms)
        {
            throw ApiErrors.BadRequest($"unable to parse requirement: a selector may have at most {MaxTerms} requirements");
        }
    }

    public bool IsEmpty => labels is null && fields is null;

    /// <summary>The one name that the field selector admits, or null.</summary>
    public string? ExactName => fields?.ExactName;

    /// <summary>Reads <c>labelSelector</c> and <c>fieldSelector</c>; a named object in a watch path is a selector by name.</summary>
    /// <exception cref="ApiException">400: a selector doesn't parse, or the kind doesn't know the field.</exception>
    public static Selection Read(ResourcePath path, ApiQuery query, string name = "")
    {
        var labelText = query.Text("labelSelector");
        var fieldText = name.Length > 0 ? $"metadata.name={name}" : path.Version?.ReadFieldSelector(query.Text("fieldSelector")) ?? query.Text("fieldSelector");
        return new Selection(
            labelText.Length == 0 ? null : LabelSelector.Parse(labelText),
            fieldText.Length == 0 ? null : FieldSelector.Parse(path.Kind, fieldText));
    }

    public bool Matches(StoredObject item) => (fields is null || fields.Matches(item)) && (labels is null || labels.Matches(item.Labels));
}
