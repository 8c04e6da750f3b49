using System.Globalization;
using Orleans.StatefulSets.Workloads.Text;

namespace Orleans.StatefulSets.Workloads.Programs.Servers.Http;

/// <summary>What is answered. Each server lays its head out as the real one does, in its order.</summary>
internal sealed class HttpResponse(int status)
{
    public int Status { get; set; } = status;

    /// <summary>The words behind the status, where they are not the standard's.</summary>
    public string? Reason { get; set; }

    public string? ContentType { get; set; }

    /// <summary>When what is sent changed last.</summary>
    public DateTime? Modified { get; set; }

    public string? Tag { get; set; }

    /// <summary>Where the client shall go.</summary>
    public string? Location { get; set; }

    /// <summary>Whether parts of it may be asked for.</summary>
    public bool TakesRanges { get; set; }

    /// <summary>Further headers.</summary>
    public List<(string Name, string Value)> Headers { get; } = [];

    /// <summary>The body; null for none.</summary>
    public HttpPayload? Content { get; set; }

    /// <summary>The connection can't be used again, whatever the client wants.</summary>
    public bool Closes { get; set; }

    /// <summary>Whether the connection is used again: decided before the head is laid out.</summary>
    public bool KeepsOpen { get; set; }

    /// <summary>Whether the body goes in chunks: decided before the head is laid out.</summary>
    public bool IsChunked { get; set; }

    /// <summary>The length that the head tells; null where it tells none.</summary>
    public long? Length => Status is 204 or 304 or < 200 || IsChunked ? null : Content is null ? 0 : Content.Length;

    /// <summary>A text as the body.</summary>
    public static HttpResponse OfText(int status, string contentType, string text) =>
        new(status) { ContentType = contentType, Content = new BytesPayload(ByteText.ToBytes(text)) };

    /// <summary>A moment as headers spell it.</summary>
    public static string DateText(DateTime moment) => moment.ToString("ddd, dd MMM yyyy HH:mm:ss 'GMT'", CultureInfo.InvariantCulture);

    /// <summary>The moment of a header; null where it spells none. The day's name counts for nothing.</summary>
    public static DateTime? ParseDate(string? text) =>
        DateTime.TryParseExact(text?[(text.IndexOf(',', StringComparison.Ordinal) + 1)..].Trim(), "dd MMM yyyy HH:mm:ss 'GMT'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var moment) ? moment : null;
}
