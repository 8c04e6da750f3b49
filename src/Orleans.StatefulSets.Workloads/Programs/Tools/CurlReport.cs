namespace Orleans.StatefulSets.Workloads.Programs.Tools;

/// <summary>What <c>curl -w</c> tells of a transfer.</summary>
internal sealed class CurlReport
{
    public int Status { get; set; }

    public long Size { get; set; }

    public string ContentType { get; set; } = "";

    public string Url { get; set; } = "";

    public string Remote { get; set; } = "";

    public string Format(string format)
    {
        var text = format
            .Replace("%{http_code}", $"{Status:000}", StringComparison.Ordinal)
            .Replace("%{response_code}", $"{Status:000}", StringComparison.Ordinal)
            .Replace("%{size_download}", $"{Size}", StringComparison.Ordinal)
            .Replace("%{content_type}", ContentType, StringComparison.Ordinal)
            .Replace("%{url_effective}", Url, StringComparison.Ordinal)
            .Replace("%{remote_ip}", Remote, StringComparison.Ordinal)
            .Replace("%{time_total}", "0.001", StringComparison.Ordinal);
        return Escapes.Expand(text);
    }
}
