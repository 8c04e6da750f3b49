using System.Globalization;
using System.Text;

namespace Orleans.StatefulSets.Grains.Streaming;

/// <summary>Lines of a log as the API hands them out.</summary>
internal static class LogText
{
    /// <summary>The line behind its time: RFC 3339 with nanoseconds, as a container runtime writes it.</summary>
    public static ReadOnlyMemory<byte> WithTime(LoggedLine line)
    {
        var time = line.At.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'00Z '", CultureInfo.InvariantCulture);
        var text = new byte[time.Length + line.Bytes.Length];
        Encoding.ASCII.GetBytes(time, text);
        line.Bytes.CopyTo(text.AsMemory(time.Length));
        return text;
    }
}
