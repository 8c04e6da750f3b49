using Orleans.StatefulSets.Workloads.Files;
using Orleans.StatefulSets.Workloads.Processes;

namespace Orleans.StatefulSets.Workloads.Programs.Tools;

/// <summary>One request of curl and what is shown of its response.</summary>
internal sealed class CurlExchange(ToolCall call, HttpExchange exchange, HttpAddress address, CurlReport report)
{
    /// <summary>Says something that only <c>-v</c> shows.</summary>
    public static ValueTask SayAsync(ToolCall call, string text) => call.Has('v') ? call.Process.ComplainAsync(text) : default;

    /// <returns>Where to go next, or how it ended: null is well.</returns>
    public async ValueTask<(HttpAddress? Next, (int Code, string Text)? Failure)> RunAsync(string url)
    {
        await SendAsync();
        if (!await exchange.ReadHeadAsync())
        {
            return (null, (52, "Empty reply from server"));
        }

        report.Status = exchange.Status;
        report.ContentType = exchange.Header("Content-Type") ?? "";
        var head = string.Concat(exchange.Headers.Select(header => $"{header.Name}: {header.Value}\r\n").Prepend(exchange.StatusLine + "\r\n"));
        await SayAsync(call, string.Concat(head.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Select(line => $"< {line}\n")) + "< \n");
        if (call.Has('L') && exchange.Status is 301 or 302 or 303 or 307 or 308 && exchange.Header("Location") is { } location && address.Follow(location) is { } next)
        {
            await (call.Options.HasAny("iI") ? call.WriteAsync(head + "\r\n") : default);
            return (next, null);
        }

        if (call.Has('f') && exchange.Status >= 400)
        {
            return (null, (22, $"The requested URL returned error: {exchange.Status}"));
        }

        return (null, await SaveAsync(url, call.Options.HasAny("iI") ? head + "\r\n" : ""));
    }

    private async ValueTask SendAsync()
    {
        var data = call.Options.Values('d').ToList();
        var body = data.Count == 0 || call.Has('G') ? null : string.Join('&', await BodiesAsync(data));
        var path = call.Has('G') && data.Count > 0 ? $"{address.Path}{(address.Path.Contains('?') ? '&' : '?')}{string.Join('&', data)}" : address.Path;
        var method = call.Value('X') ?? (call.Has('I') ? "HEAD" : body is null ? "GET" : "POST");
        var given = call.Options.Values('H').ToList();
        var headers = new List<string>();
        void Unless(string name, string value)
        {
            if (!given.Exists(header => header.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase)))
            {
                headers.Add($"{name}: {value}");
            }
        }

        Unless("Host", address.Authority);
        if ((call.Value('u') ?? address.User) is { } user)
        {
            headers.Add(HttpExchange.Basic(user));
        }

        Unless("User-Agent", call.Value('A') ?? "curl/8.5.0");
        Unless("Accept", "*/*");
        headers.AddRange(given.Where(header => !header.EndsWith(':')));
        if (body is not null)
        {
            headers.Add($"Content-Length: {body.Length}");
            Unless("Content-Type", "application/x-www-form-urlencoded");
        }

        await SayAsync(call, $"> {method} {path} HTTP/1.1\n{string.Concat(headers.Select(header => $"> {header}\n"))}> \n");
        await exchange.SendAsync(method, path, headers, body);
    }

    private async ValueTask<List<string>> BodiesAsync(List<string> data)
    {
        var bodies = new List<string>();
        foreach (var text in data)
        {
            bodies.Add(text.StartsWith('@') ? await call.ReadAllAsync(text[1..]) : text);
        }

        return bodies;
    }

    private async ValueTask<(int Code, string Text)?> SaveAsync(string url, string head)
    {
        var path = call.Value('o') ?? (call.Has('O') ? ToolCall.LastSegment(url.Split('?')[0]) : null);
        IOpenFile? file = path is null or "-" ? null : await call.OpenAsync(path, OpenMode.Write | OpenMode.Create | OpenMode.Truncate);
        ValueTask Write(ReadOnlyMemory<byte> block) => file is null ? call.WriteAsync(block) : file.WriteAsync(block, call.Process.Killed);
        if (head.Length > 0)
        {
            await Write(Text.ByteText.ToBytes(head));
        }

        var whole = call.Has('I') || await exchange.ReadBodyAsync(block =>
        {
            report.Size += block.Length;
            return Write(block);
        });
        await (file is null ? default : call.CloseAsync(file));
        await SayAsync(call, $"* Connection #0 to host {address.Host} left intact\n");
        return whole ? null : (18, "transfer closed with outstanding read data remaining");
    }
}
