using System.Collections.Frozen;

namespace Orleans.StatefulSets.Resources.Decoding.Protobuf;

/// <summary>The messages that clients send, read once from the table beside this file.</summary>
internal static class MessageTable
{
    private static readonly Lazy<FrozenDictionary<string, IReadOnlyList<MessageField>>> Messages = new(Load);

    public static IEnumerable<string> Names => Messages.Value.Keys;

    /// <summary>The fields of a message such as <c>core.v1.Pod</c>, or null where it is not known.</summary>
    public static IReadOnlyList<MessageField>? Find(string message) => Messages.Value.GetValueOrDefault(message);

    /// <summary>The fields of the message that stands for a kind, or null. Every group has its own name for DeleteOptions, which are one.</summary>
    public static IReadOnlyList<MessageField>? FindKind(string apiVersion, string kind)
    {
        if (kind == "DeleteOptions")
        {
            return Find("meta.v1.DeleteOptions");
        }

        var slash = apiVersion.IndexOf('/');
        var package = slash < 0 ? $"core.{apiVersion}" : $"{apiVersion[..slash].Split('.')[0]}.{apiVersion[(slash + 1)..]}";
        return Find($"{package}.{kind}");
    }

    private static FrozenDictionary<string, IReadOnlyList<MessageField>> Load()
    {
        using var stream = typeof(MessageTable).Assembly.GetManifestResourceStream("Messages.txt")!;
        using var reader = new StreamReader(stream);
        var messages = new Dictionary<string, IReadOnlyList<MessageField>>(StringComparer.Ordinal);
        List<MessageField> fields = [];
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith(' '))
            {
                fields.Add(MessageField.Parse(line.Trim()));
            }
            else if (!line.StartsWith('#'))
            {
                messages[line] = fields = [];
            }
        }

        return messages.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
