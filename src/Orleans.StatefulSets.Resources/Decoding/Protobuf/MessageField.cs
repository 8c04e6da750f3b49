namespace Orleans.StatefulSets.Resources.Decoding.Protobuf;

/// <summary>What a field of a protobuf message holds, where it is no message of its own.</summary>
internal enum FieldType
{
    String,
    Bytes,
    Bool,
    Int32,
    Int64,
    Double,
    Time,
    MicroTime,
    Quantity,
    IntOrString,
    Raw,
    Strings,
    Message,
}

/// <summary>One field of a message.</summary>
/// <param name="Number">Its number on the wire.</param>
/// <param name="Name">Its name in JSON.</param>
/// <param name="Type">What it, or each of its elements, holds.</param>
/// <param name="Message">The name of the message, for <see cref="FieldType.Message"/>.</param>
/// <param name="IsList">Whether it repeats.</param>
/// <param name="IsMap">Whether it is a map by string.</param>
/// <param name="IsInline">Whether its own fields stand in the outer JSON object (a Go struct that is embedded).</param>
/// <param name="KeepsZero">
/// Whether a zero is a value. Go's encoder writes every field that is not a pointer, so elsewhere a zero says that nothing was set.
/// </param>
internal sealed record MessageField(int Number, string Name, FieldType Type, string Message, bool IsList, bool IsMap, bool IsInline, bool KeepsZero)
{
    /// <summary>Reads a line of the table: <c>1 replicas int32!</c>.</summary>
    public static MessageField Parse(string line)
    {
        var parts = line.Split(' ');
        var text = parts[2];
        var (isList, isMap, isInline, keepsZero) = (text.StartsWith("[]", StringComparison.Ordinal), text.StartsWith("{}", StringComparison.Ordinal), text[0] == '~', text[^1] == '!');
        var type = text.TrimStart('[', ']', '{', '}', '~').TrimEnd('!');
        return new MessageField(
            int.Parse(parts[0], System.Globalization.CultureInfo.InvariantCulture),
            parts[1],
            type.Contains('.') ? FieldType.Message : Enum.Parse<FieldType>(type, ignoreCase: true),
            type,
            isList,
            isMap,
            isInline,
            keepsZero);
    }
}
