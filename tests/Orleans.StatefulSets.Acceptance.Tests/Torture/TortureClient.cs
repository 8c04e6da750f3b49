using System.Globalization;
using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using Orleans.StatefulSets.Acceptance.Tests.Servers;

namespace Orleans.StatefulSets.Acceptance.Tests.Torture;

/// <summary>What the writers share: requests to whichever silo, each sent once, and the memory of what was answered.</summary>
internal sealed class TortureClient(SiloCluster cluster, History history) : IDisposable
{
    private const byte Stdout = 1;
    private const byte Status = 3;
    private const int BufferBytes = 64 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan DemandLimit = TimeSpan.FromSeconds(90);
    private readonly HttpClient client = new() { Timeout = Patience };

    public void Dispose() => client.Dispose();

    /// <summary>A silo of chance.</summary>
    public Uri Any(Random chance) => cluster.Servers[chance.Next(cluster.Servers.Count)].Url;

    /// <summary>Sends a request once.</summary>
    /// <returns>The answer; no code where there was none.</returns>
    public async Task<(HttpStatusCode? Code, JsonNode? Body)> SendAsync(HttpMethod method, string path, string? body, Uri server)
    {
        using var request = new HttpRequestMessage(method, new Uri(server, path));
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, method == HttpMethod.Patch ? "application/merge-patch+json" : "application/json");
        }

        try
        {
            using var response = await client.SendAsync(request);
            return (response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync()));
        }
        catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException or IOException)
        {
            return (null, null);
        }
    }

    /// <summary>Sends a request to one silo after another until one of these answers comes.</summary>
    public async Task<JsonNode> DemandAsync(HttpMethod method, string path, string? body, params HttpStatusCode[] wanted)
    {
        var (attempt, code, answer) = (0, (HttpStatusCode?)null, (JsonNode?)null);
        await Deadline.WaitAsync(
            DemandLimit,
            async () =>
            {
                (code, answer) = await SendAsync(method, path, body, cluster.Servers[attempt++ % cluster.Servers.Count].Url);
                return code is { } got && wanted.Contains(got);
            },
            () => $"{method} {path}: {code} {answer}");
        return answer!;
    }

    /// <summary>Remembers a write to an object that is watched.</summary>
    /// <returns>Whether it was carried out; null where that is not known.</returns>
    public bool? Remember(string resource, HttpStatusCode? code, JsonNode? written)
    {
        if (code is not (HttpStatusCode.OK or HttpStatusCode.Created) || written?["metadata"]?["resourceVersion"] is not { } version)
        {
            return IsUnknown(code) ? null : false;
        }

        var metadata = written["metadata"]!;
        history.Writes.Enqueue(new Acknowledged(
            string.Intern($"{resource}/{metadata["name"]}"), string.Intern(metadata["uid"]!.GetValue<string>()),
            long.Parse(version.GetValue<string>(), CultureInfo.InvariantCulture)));
        return true;
    }

    /// <summary>Remembers a deletion: the object is answered, or a Status that says whose end it was.</summary>
    public void RememberDeletion(string what, HttpStatusCode? code, JsonNode? answer)
    {
        if (code is HttpStatusCode.OK or HttpStatusCode.Accepted && (answer?["metadata"]?["uid"] ?? answer?["details"]?["uid"]) is { } uid)
        {
            history.Deleted.TryAdd(uid.GetValue<string>(), what);
        }
    }

    /// <summary>No answer, or one that speaks of the cluster: it may have been done.</summary>
    public static bool IsUnknown(HttpStatusCode? code) => code is null or >= HttpStatusCode.InternalServerError;

    /// <summary>Runs a shell's command in a pod, as <c>kubectl exec</c> does.</summary>
    /// <returns>Its output; null where it is not known that it returned 0.</returns>
    public static async Task<string?> ExecAsync(string pod, string command, Uri server)
    {
        using var patience = new CancellationTokenSource(Patience);
        using var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol("v5.channel.k8s.io");
        try
        {
            await socket.ConnectAsync(
                new Uri($"ws://{server.Authority}/api/v1/namespaces/{Writers.Namespace}/pods/{pod}/exec?stdout=true&stderr=true&command=sh&command=-c&command={Uri.EscapeDataString(command)}"),
                patience.Token);
            return await ReadAsync(socket, patience.Token);
        }
        catch (Exception failure) when (failure is WebSocketException or OperationCanceledException or IOException)
        {
            return null;
        }
    }

    private static async Task<string?> ReadAsync(ClientWebSocket socket, CancellationToken cancellation)
    {
        var (output, status) = (new StringBuilder(), "");
        var buffer = new byte[BufferBytes];
        while (true)
        {
            ValueWebSocketReceiveResult part;
            var count = 0;
            do
            {
                part = await socket.ReceiveAsync(buffer.AsMemory(count), cancellation);
                count += part.Count;
            }
            while (!part.EndOfMessage);
            if (part.MessageType == WebSocketMessageType.Close)
            {
                return status.Contains("\"Success\"", StringComparison.Ordinal) ? output.ToString() : null;
            }

            var text = Encoding.UTF8.GetString(buffer, 1, Math.Max(0, count - 1));
            if (count > 0 && buffer[0] == Stdout)
            {
                output.Append(text);
            }

            status = count > 0 && buffer[0] == Status ? text : status;
        }
    }
}
