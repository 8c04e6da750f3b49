using System.Text.Json;
using Orleans.StatefulSets.Resources.Objects;

namespace Orleans.StatefulSets.Resources.Defaulting;

/// <summary>
/// Whether two parts of objects say the same (apimachinery's <c>equality.Semantic.DeepEqual</c>): the order of keys does not
/// count, and an empty text or list is the same as none.
/// </summary>
internal static class SemanticEquality
{
    /// <summary>Whether both say the same; null equals null alone.</summary>
    public static bool Same(object? left, object? right)
    {
        if (ReferenceEquals(left, right))
        {
            return true;
        }

        if (left is null || right is null)
        {
            return false;
        }

        var leftJson = ObjectJson.Encode(left);
        var rightJson = ObjectJson.Encode(right);
        if (leftJson.AsSpan().SequenceEqual(rightJson))
        {
            return true;
        }

        using var leftTree = JsonDocument.Parse(leftJson);
        using var rightTree = JsonDocument.Parse(rightJson);
        return Same(leftTree.RootElement, rightTree.RootElement);
    }

    private static bool Same(JsonElement left, JsonElement right)
    {
        if (left.ValueKind != right.ValueKind)
        {
            return false;
        }

        return left.ValueKind switch
        {
            JsonValueKind.Object => SameMembers(left, right) && SameMembers(right, left),
            JsonValueKind.Array => left.GetArrayLength() == right.GetArrayLength()
                && left.EnumerateArray().Zip(right.EnumerateArray()).All(pair => Same(pair.First, pair.Second)),
            _ => JsonElement.DeepEquals(left, right),
        };
    }

    private static bool SameMembers(JsonElement left, JsonElement right)
    {
        foreach (var member in left.EnumerateObject())
        {
            var isSame = right.TryGetProperty(member.Name, out var other) ? Same(member.Value, other) || (IsEmpty(member.Value) && IsEmpty(other)) : IsEmpty(member.Value);
            if (!isSame)
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsEmpty(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => true,
        JsonValueKind.String => value.GetString()!.Length == 0,
        JsonValueKind.Array => value.GetArrayLength() == 0,
        _ => false,
    };
}
