using System.Text.Json;
using System.Text.Json.Nodes;

namespace Orleans.StatefulSets.Resources.FieldManagement;

/// <summary>
/// A set of fields as <c>fieldsV1</c> writes it: path elements are <c>f:name</c>, <c>k:{"name":"web"}</c> and <c>v:"value"</c>;
/// a container that itself belongs to the set says so with <c>.</c>.
/// </summary>
internal sealed class FieldTree
{
    private readonly SortedDictionary<string, FieldTree> children = new(StringComparer.Ordinal);

    /// <summary>Whether the place itself belongs to the set.</summary>
    public bool Owned { get; set; }

    public bool IsEmpty => !Owned && children.Count == 0;

    /// <summary>The part below a path element, made if need be; <see cref="Prune"/> takes out what stays empty.</summary>
    public FieldTree Below(string element)
    {
        if (!children.TryGetValue(element, out var child))
        {
            children[element] = child = new FieldTree();
        }

        return child;
    }

    public void Prune()
    {
        foreach (var (element, child) in children.ToList())
        {
            child.Prune();
            if (child.IsEmpty)
            {
                children.Remove(element);
            }
        }
    }

    /// <summary>Adds every field of another set.</summary>
    public void Add(FieldTree other)
    {
        Owned |= other.Owned;
        foreach (var (element, child) in other.children)
        {
            Below(element).Add(child);
        }
    }

    /// <summary>Takes out every field of another set.</summary>
    public void Subtract(FieldTree other)
    {
        Owned &= !other.Owned;
        foreach (var (element, child) in other.children)
        {
            if (children.TryGetValue(element, out var mine))
            {
                mine.Subtract(child);
            }
        }
    }

    /// <summary>Takes out every field of another set with all that lies below.</summary>
    public void Cut(FieldTree other)
    {
        foreach (var (element, child) in other.children)
        {
            if (child.Owned)
            {
                children.Remove(element);
            }
            else if (children.TryGetValue(element, out var mine))
            {
                mine.Cut(child);
            }
        }
    }

    public JsonObject ToJson()
    {
        var json = new JsonObject();
        if (Owned && children.Count > 0)
        {
            json["."] = new JsonObject();
        }

        foreach (var (element, child) in children)
        {
            json[element] = child.ToJson();
        }

        return json;
    }

    /// <summary>Reads <c>fieldsV1</c>; null where it is not of that form.</summary>
    public static FieldTree? Parse(object? fields)
    {
        if (fields is null)
        {
            return new FieldTree();
        }

        var json = fields is JsonElement element ? element : JsonSerializer.SerializeToElement(fields);
        if (json.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        var root = new FieldTree();
        return root.Fill(json) ? root : null;
    }

    private bool Fill(JsonElement json)
    {
        foreach (var member in json.EnumerateObject())
        {
            if (member.Value.ValueKind != JsonValueKind.Object)
            {
                return false;
            }

            if (member.Name == ".")
            {
                Owned = true;
                continue;
            }

            var child = Below(member.Name);
            child.Owned |= !member.Value.EnumerateObject().Any();
            if (!child.Fill(member.Value))
            {
                return false;
            }
        }

        return true;
    }
}
