using System.ComponentModel;
using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using k8s.Models;
using Orleans.StatefulSets.Resources.Kinds;

namespace Orleans.StatefulSets.Api.OpenApi;

/// <summary>The schemas of kinds and of all that they are made of, read off the client library's models: what <c>kubectl explain</c> shows.</summary>
internal sealed class SchemaWriter
{
    private readonly SortedDictionary<string, JsonObject> schemas = new(StringComparer.Ordinal);

    /// <summary>The schemas by name; every reference in them is among them.</summary>
    public static JsonObject Write(IEnumerable<ResourceKind> kinds)
    {
        var writer = new SchemaWriter();
        foreach (var kind in kinds)
        {
            writer.Add(kind.ModelType)["x-kubernetes-group-version-kind"] = new JsonArray(ThirdVersion.KindOf(kind));
        }

        return new JsonObject(writer.schemas.Select(schema => KeyValuePair.Create<string, JsonNode?>(schema.Key, schema.Value)));
    }

    private JsonObject Add(Type model)
    {
        if (schemas.TryGetValue(SchemaNames.Of(model), out var known))
        {
            return known;
        }

        // Entered before its properties are: JSON schemas refer to themselves.
        var schema = Described(new JsonObject { ["type"] = "object" }, model);
        schemas.Add(SchemaNames.Of(model), schema);
        var properties = new JsonObject();
        foreach (var property in model.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            if (property.GetCustomAttribute<JsonPropertyNameAttribute>() is { } name)
            {
                properties[name.Name] = Described(Of(property.PropertyType), property);
            }
        }

        schema["properties"] = properties;
        return schema;
    }

    // The client library's models don't say what their fields are for; the emulator's own do.
    private static JsonObject Described(JsonObject schema, MemberInfo member)
    {
        if (member.GetCustomAttribute<DescriptionAttribute>() is { } described)
        {
            schema["description"] = described.Description;
        }

        return schema;
    }

    private JsonObject Of(Type declared)
    {
        var type = Nullable.GetUnderlyingType(declared) ?? declared;
        if (Plain(type) is { } plain)
        {
            return plain;
        }

        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IDictionary<,>))
        {
            return new JsonObject { ["type"] = "object", ["additionalProperties"] = Of(type.GetGenericArguments()[1]) };
        }

        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IList<>))
        {
            return new JsonObject { ["type"] = "array", ["items"] = Of(type.GetGenericArguments()[0]) };
        }

        if (!ModelTypes.IsStruct(type))
        {
            return new JsonObject { ["type"] = "object" };
        }

        Add(type);

        // A reference stands in an allOf, as upstream writes it, so that a description may stand beside it.
        return new JsonObject { ["allOf"] = new JsonArray(new JsonObject { ["$ref"] = $"#/components/schemas/{SchemaNames.Of(type)}" }) };
    }

    private static JsonObject? Plain(Type type) => type switch
    {
        _ when type == typeof(string) => new JsonObject { ["type"] = "string" },
        _ when type == typeof(bool) => new JsonObject { ["type"] = "boolean" },
        _ when type == typeof(int) => new JsonObject { ["type"] = "integer", ["format"] = "int32" },
        _ when type == typeof(long) => new JsonObject { ["type"] = "integer", ["format"] = "int64" },
        _ when type == typeof(double) => new JsonObject { ["type"] = "number", ["format"] = "double" },
        _ when type == typeof(DateTime) => new JsonObject { ["type"] = "string", ["format"] = "date-time" },
        _ when type == typeof(byte[]) => new JsonObject { ["type"] = "string", ["format"] = "byte" },
        _ when type == typeof(ResourceQuantity) => new JsonObject { ["type"] = "string" },
        _ when type == typeof(IntOrString) => new JsonObject { ["type"] = "string", ["format"] = "int-or-string" },
        _ => null,
    };
}
