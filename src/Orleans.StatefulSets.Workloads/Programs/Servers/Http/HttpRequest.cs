using System.Net;
using System.Text;
using Orleans.StatefulSets.Workloads.Processes;
using Orleans.StatefulSets.Workloads.Text;

namespace Orleans.StatefulSets.Workloads.Programs.Servers.Http;

/// <summary>A request as it came: also one that turns out to be none has a first line, for the log.</summary>
internal sealed class HttpRequest
{
    private const int NoVersion = -1;

    /// <summary>The process that answers it.</summary>
    public required Process Process { get; init; }

    /// <summary>The client.</summary>
    public required IPEndPoint From { get; init; }

    /// <summary>The port that it came to.</summary>
    public required int Port { get; init; }

    /// <summary>The connection's number in its process, from 1.</summary>
    public required long Connection { get; init; }

    /// <summary>The server ends: nothing waits any longer.</summary>
    public required CancellationToken Ended { get; init; }

    /// <summary>When its first byte came, simulated time.</summary>
    public DateTimeOffset Received { get; set; }

    /// <summary>The first line.</summary>
    public string Line { get; set; } = "";

    public string Method { get; set; } = "";

    /// <summary>The path and query as they were sent.</summary>
    public string Target { get; set; } = "";

    /// <summary>The path, decoded, without <c>.</c>, <c>..</c> and doubled slashes.</summary>
    public string Path { get; set; } = "/";

    /// <summary>What stands behind the question mark; null without one.</summary>
    public string? Query { get; set; }

    /// <summary>The number behind <c>HTTP/1.</c>; <see cref="IsBare"/> where there is no version.</summary>
    public int Minor { get; set; } = NoVersion;

    /// <summary>HTTP/0.9: a line and nothing more; the answer is a body and nothing more.</summary>
    public bool IsBare => Minor == NoVersion;

    public List<(string Name, string Value)> Headers { get; } = [];

    /// <summary>What the site keeps of it until it is noted.</summary>
    public object? Kept { get; set; }

    /// <summary>What follows the head.</summary>
    public HttpBody Body { get; set; } = HttpBody.None;

    /// <summary>The first header of a name, in any case.</summary>
    public string? Header(string name)
    {
        foreach (var header in Headers)
        {
            if (header.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return header.Value;
            }
        }

        return null;
    }

    /// <summary>The name that the client called the server by, in lower case without port; empty where it did not.</summary>
    public string Host
    {
        get
        {
            var host = Header("Host") ?? "";
            var colon = host.LastIndexOf(':');
            return (colon > host.LastIndexOf(']') ? host[..colon] : host).TrimEnd('.').ToLowerInvariant();
        }
    }

    /// <summary>Whether the client can use the connection again.</summary>
    public bool WantsToStay
    {
        get
        {
            var connection = Header("Connection") ?? "";
            return Minor > 0
                ? !connection.Contains("close", StringComparison.OrdinalIgnoreCase)
                : Minor == 0 && connection.Contains("keep-alive", StringComparison.OrdinalIgnoreCase);
        }
    }

    /// <summary>The user that the client says it is; null where it says none.</summary>
    public string? User
    {
        get
        {
            var header = Header("Authorization");
            var buffer = new byte[header?.Length ?? 0];
            return header?.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase) == true && Convert.TryFromBase64String(header[6..].Trim(), buffer, out var count)
                ? Encoding.Latin1.GetString(buffer, 0, count).Split(':')[0]
                : null;
        }
    }

    /// <summary>The first value of a name in the query, decoded; null where it has none.</summary>
    public string? Parameter(string name)
    {
        foreach (var pair in (Query ?? "").Split('&'))
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            if (UriPath.Decode(equals < 0 ? pair : pair[..equals], plusIsSpace: true) == name)
            {
                return equals < 0 ? "" : UriPath.Decode(pair[(equals + 1)..], plusIsSpace: true) ?? pair[(equals + 1)..];
            }
        }

        return null;
    }

    /// <summary>The line as a log shows it: what cannot be shown stands as <c>\x16</c>.</summary>
    public static string Logged(string text)
    {
        if (text.All(letter => letter is >= ' ' and < '\x7f' and not ('"' or '\\')))
        {
            return text;
        }

        var shown = new StringBuilder();
        foreach (var letter in text)
        {
            _ = letter is < ' ' or >= '\x7f' or '"' or '\\' ? shown.Append($"\\x{(int)letter:X2}") : shown.Append(letter);
        }

        return shown.ToString();
    }

    /// <summary>The client's address as text.</summary>
    public string Client => From.Address.ToString();

    /// <summary>The name of the pod, as a byte string.</summary>
    public string HostName => ByteText.FromText(Process.Container.HostName);
}
