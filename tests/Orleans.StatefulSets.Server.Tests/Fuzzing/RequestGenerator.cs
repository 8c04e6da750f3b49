using System.IO.Compression;
using System.Text;
using Orleans.StatefulSets.Server.Tests.Samples;

namespace Orleans.StatefulSets.Server.Tests.Fuzzing;

/// <summary>
/// Requests over everything that discovery names, a good part of them valid. Names and namespaces come from small pools, so that
/// requests meet each other's objects and the store does not grow.
/// </summary>
internal sealed class RequestGenerator(IReadOnlyList<ServedKind> kinds, int seed)
{
    private readonly Random random = new(seed);
    private readonly BodyMutations mutations = new(new Random(seed + 1));
    private readonly PathGenerator paths = new(kinds, new Random(seed + 2));
    private readonly BodyGenerator bodies = new(kinds, new Random(seed + 3));

    public FuzzRequest Next()
    {
        var path = paths.Next();
        var method = random.Next(40) == 0 ? mutations.Pick(OddValues.Methods) : Method(path);
        var query = Query(method, path);
        var isWatch = query.Contains("watch=", StringComparison.Ordinal) || path.Text.Contains("/watch", StringComparison.Ordinal);
        var isBrief = query.Contains("&timeoutSeconds=1&", StringComparison.Ordinal);
        var (contentType, body) = bodies.Next(method, path);
        var encoding = body.Length == 0 ? "" : Encode(ref body);
        var target = path.Text + (query.Length == 0 ? "" : "?" + query);
        return new FuzzRequest
        {
            Method = method,
            Target = target,
            IsWatch = isWatch,
            IsLeft = isWatch && !isBrief,
            IsCutShort = body.Length > 20 && random.Next(300) == 0,
            Bytes = Compose(method, target, contentType, encoding, body),
        };
    }

    private string Method(FuzzPath path) => (path.Name.Length, random.Next(10)) switch
    {
        (_, < 3) => "GET",
        (0, < 9) => "POST",
        (0, _) => "DELETE",
        (_, < 4) => "DELETE",
        (_, < 6) => "PUT",
        (_, < 7) => path.Subresource.Length > 0 ? "POST" : "PUT",
        _ => "PATCH",
    };

    private string Query(string method, FuzzPath path)
    {
        var parts = new List<string>();
        if (method == "GET" && path.IsCollection && random.Next(40) == 0)
        {
            parts.Add(random.Next(2) == 0 ? "watch=true&timeoutSeconds=1&" : "watch=1");
        }

        for (var more = random.Next(3) == 0 ? random.Next(1, 4) : 0; more > 0; more--)
        {
            var (name, values) = mutations.Pick(OddValues.Parameters);
            parts.Add($"{name}={mutations.Pick(values)}");
        }

        return string.Join("&", parts);
    }

    private string Encode(ref byte[] body)
    {
        switch (random.Next(60))
        {
            case 0:
                body = Gzip(body);
                return "gzip";
            case 1:
                body = mutations.OfBytes(Gzip(body));
                return "gzip";
            case 2:
                return mutations.Pick((string[])["gzip", "br", "identity", "gzip, gzip", "x", "GZIP"]);
            default:
                return "";
        }
    }

    private static byte[] Gzip(byte[] body)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write(body);
        }

        return packed.ToArray();
    }

    private byte[] Compose(string method, string target, string? contentType, string encoding, byte[] body)
    {
        var head = new StringBuilder().Append(method).Append(' ').Append(target).Append(" HTTP/1.1\r\nHost: localhost\r\n");
        Header(head, "Accept", random.Next(3) == 0 ? mutations.Pick(OddValues.Accepts) : "application/json");
        Header(head, "User-Agent", random.Next(50) == 0 ? "\u00e9\u0001/" + new string('u', 300) : "kubectl/v1.33.1 (linux/amd64)");
        if (random.Next(20) == 0)
        {
            Header(head, "Accept-Encoding", "gzip");
        }

        if (random.Next(300) == 0)
        {
            var odd = random.Next(4);
            Header(head, (string[])["Origin", "Authorization", "X-Many", "Expect"] is var names ? names[odd] : "", odd == 2 ? new string('h', 40_000) : odd == 3 ? "nonsense" : "x");
        }

        if (contentType is not null)
        {
            Header(head, "Content-Type", contentType);
        }

        if (encoding.Length > 0)
        {
            Header(head, "Content-Encoding", encoding);
        }

        if (body.Length > 0 || method is "POST" or "PUT" or "PATCH")
        {
            Header(head, "Content-Length", $"{body.Length}");
        }

        return [.. Encoding.Latin1.GetBytes(head.Append("\r\n").ToString()), .. body];
    }

    private static void Header(StringBuilder head, string name, string value) => head.Append(name).Append(": ").Append(value).Append("\r\n");
}
