namespace Orleans.StatefulSets.Workloads.Programs.Tools;

/// <summary>How <c>od -c</c> and <c>hexdump -c</c> spell one byte.</summary>
internal static class ByteLetters
{
    /// <summary>The letter, its escape, or three octal digits.</summary>
    public static string Of(byte value) => value switch
    {
        0 => "\\0",
        7 => "\\a",
        8 => "\\b",
        9 => "\\t",
        10 => "\\n",
        11 => "\\v",
        12 => "\\f",
        13 => "\\r",
        >= 32 and < 127 => ((char)value).ToString(),
        _ => Convert.ToString(value, 8).PadLeft(3, '0'),
    };
}
