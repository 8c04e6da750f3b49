using System.Globalization;

namespace Orleans.StatefulSets.Workloads.Programs.Servers.Http;

/// <summary>Reads the head of a request (RFC 9112), as strictly as nginx does.</summary>
internal static class HttpHead
{
    private const string TokenLetters = "!#$%&'*+-.^_`|~";

    /// <summary>Reads first line and headers into a request.</summary>
    /// <returns>False where the connection ended before a first line.</returns>
    /// <exception cref="HttpFaultException">It is no request that can be answered.</exception>
    public static async ValueTask<bool> ReadAsync(HttpReader reader, HttpRequest request, HttpLimits limits, CancellationToken cancellation)
    {
        string? line;
        var passedOver = 0;
        do
        {
            line = await reader.ReadLineAsync(limits.LineBytes, HttpFault.LineTooLong, cancellation);
        }
        while (line is { Length: 0 } && ++passedOver < limits.LineBytes);
        if (line is null)
        {
            request.Line = request.Line.Length > 0 ? request.Line : Begun(reader);
            return request.Line.Length > 0 ? throw new HttpFaultException(HttpFault.Gone) : false;
        }

        request.Line = line;
        ReadLine(request);
        if (!request.IsBare)
        {
            await ReadHeadersAsync(reader, request, limits, cancellation);
            ReadBody(reader, request);
        }

        return true;
    }

    /// <summary>Whether bytes are, or may yet become, the beginning of a request.</summary>
    public static bool MayBegin(ReadOnlySpan<byte> bytes)
    {
        var space = bytes.IndexOf((byte)' ');
        var method = space < 0 ? bytes : bytes[..space];
        const int longestMethod = 16;
        return method.Length <= longestMethod && method.IndexOfAnyExceptInRange((byte)'A', (byte)'Z') < 0 && (space < 0 || space + 1 == bytes.Length || bytes[space + 1] is (byte)'/' or (byte)'h' or (byte)'*');
    }

    private static string Begun(HttpReader reader) => Text.ByteText.FromBytes(reader.Ahead.Span);

    private static void ReadLine(HttpRequest request)
    {
        var parts = request.Line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Require(parts.Length is 2 or 3 && parts[0].All(letter => letter is >= 'A' and <= 'Z' or '_' or '-'));
        request.Method = parts[0];
        if (parts.Length == 3)
        {
            var version = parts[2];
            Require(version.StartsWith("HTTP/", StringComparison.Ordinal) && version.Length == 8 && char.IsAsciiDigit(version[5]) && version[6] == '.' && char.IsAsciiDigit(version[7]));
            request.Minor = version[5] switch
            {
                '1' => version[7] - '0',
                > '1' => throw new HttpFaultException(HttpFault.UnknownVersion),
                _ => throw new HttpFaultException(HttpFault.Malformed),
            };
        }

        Require(parts.Length == 3 || request.Method == "GET");
        ReadTarget(request, parts[1]);
    }

    private static void ReadTarget(HttpRequest request, string target)
    {
        request.Target = target;
        if (target.IndexOf("://", StringComparison.Ordinal) is var mark and > 0)
        {
            var authority = target[(mark + 3)..];
            var end = authority.IndexOfAny(['/', '?']);
            request.Headers.Add(("Host", end < 0 ? authority : authority[..end]));
            target = end < 0 ? "/" : authority[end] == '/' ? authority[end..] : "/" + authority[end..];
        }

        if (target == "*" && request.Method == "OPTIONS")
        {
            request.Path = "*";
            return;
        }

        Require(target.StartsWith('/') && target.All(letter => letter > ' ' && letter != '\x7f'));
        target = target.Split('#')[0];
        var question = target.IndexOf('?', StringComparison.Ordinal);
        request.Query = question < 0 ? null : target[(question + 1)..];
        var path = UriPath.Decode(question < 0 ? target : target[..question]) is { } decoded ? UriPath.Normalize(decoded) : null;
        request.Path = path ?? throw new HttpFaultException(HttpFault.Malformed);
    }

    private static async ValueTask ReadHeadersAsync(HttpReader reader, HttpRequest request, HttpLimits limits, CancellationToken cancellation)
    {
        // A URL that names its host stands above what the header says.
        var named = request.Headers.Count > 0;
        var total = 0;
        while (true)
        {
            var line = await reader.ReadLineAsync(limits.LineBytes, HttpFault.HeadersTooLong, cancellation) ?? throw new HttpFaultException(HttpFault.Gone);
            if (line.Length == 0)
            {
                break;
            }

            total += line.Length + 2;
            if (total > limits.HeadBytes)
            {
                throw new HttpFaultException(HttpFault.HeadersTooLong);
            }

            Require(line[0] is not (' ' or '\t' or ':') && !line.Contains('\0') && !line.Contains('\r'));
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            var name = colon < 0 ? "" : line[..colon];
            Require(!name.Contains(' '));

            // What is no name is passed over, as nginx's ignore_invalid_headers has it.
            if (colon > 0 && name.All(IsToken) && !(named && name.Equals("Host", StringComparison.OrdinalIgnoreCase)))
            {
                request.Headers.Add((name, line[(colon + 1)..].Trim(' ', '\t')));
            }
        }

        var hosts = request.Headers.Where(header => header.Name.Equals("Host", StringComparison.OrdinalIgnoreCase)).ToList();
        Require(hosts.Count <= 1 && (hosts.Count == 1 || request.Minor == 0));
        Require(hosts.All(host => host.Value.All(letter => letter is > ' ' and not ('/' or '\\' or '\x7f'))));
    }

    private static void ReadBody(HttpReader reader, HttpRequest request)
    {
        var lengths = request.Headers.Where(header => header.Name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase)).ToList();
        var codings = request.Headers.Where(header => header.Name.Equals("Transfer-Encoding", StringComparison.OrdinalIgnoreCase)).ToList();
        Require(lengths.Count + codings.Count <= 1);
        if (codings.Count == 1)
        {
            Require(request.Minor > 0);
            request.Body = codings[0].Value.Equals("chunked", StringComparison.OrdinalIgnoreCase) ? new HttpBody(reader, null) : throw new HttpFaultException(HttpFault.UnknownCoding);
        }
        else if (lengths.Count == 1)
        {
            Require(long.TryParse(lengths[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var length));
            request.Body = new HttpBody(reader, length);
        }
    }

    private static bool IsToken(char letter) => char.IsAsciiLetterOrDigit(letter) || TokenLetters.Contains(letter, StringComparison.Ordinal);

    private static void Require(bool condition)
    {
        if (!condition)
        {
            throw new HttpFaultException(HttpFault.Malformed);
        }
    }
}
