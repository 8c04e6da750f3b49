using System.Text;
using System.Text.Json.Nodes;

namespace Orleans.StatefulSets.Server.Tests.Fuzzing;

/// <summary>Makes something of a valid JSON document that is perhaps not.</summary>
internal sealed class BodyMutations(Random random)
{
    private const string Placeholder = "@@odd@@";

    /// <summary>The text of a document with a few of its values or fields exchanged, removed or added.</summary>
    public string OfTree(JsonNode document)
    {
        var odd = new List<string>();
        for (var edits = random.Next(1, 4); edits > 0; edits--)
        {
            Edit(document, odd);
        }

        var text = document.ToJsonString();
        foreach (var value in odd)
        {
            var at = text.IndexOf($"\"{Placeholder}\"", StringComparison.Ordinal);
            text = at < 0 ? text : string.Concat(text.AsSpan(0, at), value, text.AsSpan(at + Placeholder.Length + 2));
        }

        return text;
    }

    /// <summary>The bytes of a text, some of them exchanged, lost or more than there were.</summary>
    public byte[] OfBytes(byte[] bytes) => random.Next(8) switch
    {
        0 => bytes[..random.Next(bytes.Length + 1)],
        1 => Flipped(bytes),
        2 => Inserted(bytes, [0xff, 0xfe]),
        3 => [0xef, 0xbb, 0xbf, .. bytes],
        4 => [.. bytes, .. "}garbage"u8],
        5 => Inserted(bytes, Encoding.UTF8.GetBytes(Pick(OddValues.Json))),
        6 => Inserted(bytes, Encoding.UTF8.GetBytes($"\"{Pick(OddValues.Fields)}\":{Pick(OddValues.Json)},")),
        _ => Deep(),
    };

    public T Pick<T>(IReadOnlyList<T> values) => values[random.Next(values.Count)];

    private void Edit(JsonNode document, List<string> odd)
    {
        var node = document;
        while (random.Next(4) > 0 && Children(node) is { Count: > 0 } children && Pick(children) is { } child)
        {
            node = child;
        }

        odd.Add(Pick(OddValues.Json));
        switch (node)
        {
            case JsonObject fields when fields.Count > 0 && random.Next(2) == 0:
                var name = Pick(fields.Select(field => field.Key).ToList());
                if (random.Next(3) == 0)
                {
                    fields.Remove(name);
                }
                else
                {
                    fields[name] = Placeholder;
                }

                break;
            case JsonObject fields:
                fields[Pick(OddValues.Fields)] = Placeholder;
                break;
            case JsonArray items when items.Count > 0 && random.Next(2) == 0:
                items[random.Next(items.Count)] = Placeholder;
                break;
            case JsonArray items:
                items.Add(random.Next(2) == 0 && items.Count > 0 ? items[0]?.DeepClone() : Placeholder);
                break;
            default:
                Replace(node);
                break;
        }
    }

    private static void Replace(JsonNode leaf)
    {
        switch (leaf.Parent)
        {
            case JsonObject parent:
                parent[leaf.GetPropertyName()] = Placeholder;
                break;
            case JsonArray parent:
                parent[leaf.GetElementIndex()] = Placeholder;
                break;
        }
    }

    private static List<JsonNode?> Children(JsonNode node) => node switch
    {
        JsonObject fields => [.. fields.Select(field => field.Value)],
        JsonArray items => [.. items],
        _ => [],
    };

    private byte[] Flipped(byte[] bytes)
    {
        var flipped = bytes.ToArray();
        for (var flips = random.Next(1, 4); flips > 0 && flipped.Length > 0; flips--)
        {
            flipped[random.Next(flipped.Length)] ^= (byte)(1 << random.Next(8));
        }

        return flipped;
    }

    private byte[] Inserted(byte[] bytes, byte[] more)
    {
        var at = random.Next(bytes.Length + 1);
        return [.. bytes.AsSpan(0, at), .. more, .. bytes.AsSpan(at)];
    }

    private byte[] Deep()
    {
        var depth = random.Next(10) == 0 ? 100_000 : random.Next(20, 2_000);
        var (open, close) = random.Next(2) == 0 ? ("[", "]") : ("{\"a\":", "}");
        return Encoding.UTF8.GetBytes($"{{\"metadata\":{{\"name\":\"n1\"}},\"spec\":{string.Concat(Enumerable.Repeat(open, depth))}1{string.Concat(Enumerable.Repeat(close, random.Next(2) * depth))}}}");
    }
}
