using System.Text;

namespace Orleans.StatefulSets.Api.Tests.Cluster;

/// <summary>The servers of scripted pods.</summary>
internal static class ScriptedServers
{
    /// <summary>Answers HTTP requests, and keeps the connection.</summary>
    public const int Http = 80;

    /// <summary>Reads to the end, and only then answers with what it read.</summary>
    public const int Echo = 7;

    /// <summary>Sends without end, and reads nothing.</summary>
    public const int Endless = 19;

    /// <summary>Breaks each connection in the middle of an answer.</summary>
    public const int Broken = 666;

    public static Func<Stream, Task>? Find(int port) => port switch
    {
        Http => HttpAsync,
        Echo => EchoAsync,
        Endless => EndlessAsync,
        Broken => BrokenAsync,
        _ => null,
    };

    private static async Task HttpAsync(Stream client)
    {
        using var requests = new StreamReader(client, Encoding.ASCII);
        while (await requests.ReadLineAsync() is { Length: > 0 } request)
        {
            while (await requests.ReadLineAsync() is { Length: > 0 })
            {
            }

            var path = request.Split(' ')[1];
            var body = path.StartsWith("/bytes/", StringComparison.Ordinal)
                ? ScriptedPrograms.Pattern(int.Parse(path[7..], System.Globalization.CultureInfo.InvariantCulture))
                : Encoding.ASCII.GetBytes($"you asked for {path}\n");
            await client.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: {body.Length}\r\n\r\n"));
            await client.WriteAsync(body);
        }
    }

    private static async Task EchoAsync(Stream client)
    {
        using var whole = new MemoryStream();
        await client.CopyToAsync(whole);
        await client.WriteAsync(whole.ToArray());
    }

    private static async Task EndlessAsync(Stream client)
    {
        while (true)
        {
            await client.WriteAsync(new byte[10_000]);
        }
    }

    private static async Task BrokenAsync(Stream client)
    {
        await client.WriteAsync("half"u8.ToArray());
        throw new IOException("the pod went");
    }
}
