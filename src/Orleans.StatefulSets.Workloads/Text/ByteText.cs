using System.Text;

namespace Orleans.StatefulSets.Workloads.Text;

/// <summary>
/// Inside a pod every string is a byte string: each char is one byte, 0 to 255, as C programs have it. So names, arguments, variables
/// and file contents pass through the shell unharmed whatever they hold. Only the borders (the API, specs, logs) convert.
/// </summary>
public static class ByteText
{
    /// <summary>A byte string of ordinary text: its UTF-8 bytes.</summary>
    public static string FromText(string text) => Ascii(text) ? text : Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text));

    /// <summary>The text that a byte string spells in UTF-8; bytes that are none become U+FFFD.</summary>
    public static string ToText(string bytes) => Ascii(bytes) ? bytes : Encoding.UTF8.GetString(ToBytes(bytes));

    /// <summary>The bytes.</summary>
    public static byte[] ToBytes(string bytes) => Encoding.Latin1.GetBytes(bytes);

    /// <summary>The byte string of bytes.</summary>
    public static string FromBytes(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);

    private static bool Ascii(string text) => System.Text.Ascii.IsValid(text);
}
