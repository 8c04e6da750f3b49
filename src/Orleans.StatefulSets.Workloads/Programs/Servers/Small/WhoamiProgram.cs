using System.Text.Json;
using System.Text.Json.Nodes;
using Orleans.StatefulSets.Workloads.Processes;
using Orleans.StatefulSets.Workloads.Programs.Servers.Http;
using Orleans.StatefulSets.Workloads.Text;

namespace Orleans.StatefulSets.Workloads.Programs.Servers.Small;

/// <summary>whoami: tells what it was asked, by whom, and who it is.</summary>
internal sealed class WhoamiProgram : IProgram
{
    public IReadOnlyList<string> Names { get; } = ["whoami"];

    public async ValueTask<int> RunAsync(Process process)
    {
        var arguments = process.Arguments.Skip(1).ToList();
        var port = Flags.PortOf(Flags.Find(arguments, "port") ?? process.Environment.GetValueOrDefault("WHOAMI_PORT_NUMBER")) ?? 80;
        var name = Flags.Find(arguments, "name") ?? process.Environment.GetValueOrDefault("WHOAMI_NAME") ?? "";
        var site = new PlainSite(request => new(request.Path switch
        {
            "/health" => PlainSite.Say(""),
            "/bench" => PlainSite.Say("1"),
            "/api" => HttpResponse.OfText(200, "application/json", ByteText.FromText(Json(request, name)) + "\n"),
            _ => PlainSite.Say(Text(request, name)),
        }));
        await process.PrintAsync($"{process.Container.Clock.GetUtcNow():yyyy/MM/dd HH:mm:ss} Starting up on port {port}\n");
        return await new TcpServer(process).RunAsync([port], caller => new HttpConversation(site, caller, process).RunAsync());
    }

    private static IEnumerable<string> Addresses(HttpRequest request) =>
        new[] { "127.0.0.1", request.Process.Container.Network.Address?.ToString() }.OfType<string>();

    private static IEnumerable<(string Name, string Value)> Headers(HttpRequest request) =>
        request.Headers.Where(header => !header.Name.Equals("Host", StringComparison.OrdinalIgnoreCase)).OrderBy(header => header.Name, StringComparer.Ordinal);

    private static string Text(HttpRequest request, string name)
    {
        var lines = new List<string>();
        lines.AddRange(name.Length > 0 ? [$"Name: {name}"] : []);
        lines.Add($"Hostname: {request.HostName}");
        lines.AddRange(Addresses(request).Select(address => $"IP: {address}"));
        lines.Add($"RemoteAddr: {request.From}");
        return string.Concat(lines.Select(line => line + "\n"))
            + $"{request.Method} {request.Target} HTTP/1.{Math.Max(0, request.Minor)}\r\nHost: {request.Header("Host")}\r\n{string.Concat(Headers(request).Select(header => $"{header.Name}: {header.Value}\r\n"))}\r\n";
    }

    private static string Json(HttpRequest request, string name)
    {
        var told = new JsonObject
        {
            ["hostname"] = request.Process.Container.HostName,
            ["ip"] = new JsonArray([.. Addresses(request).Select(address => (JsonNode)address)]),
            ["headers"] = new JsonObject(Headers(request).DistinctBy(header => header.Name).Select(header => KeyValuePair.Create(ByteText.ToText(header.Name), (JsonNode?)new JsonArray(ByteText.ToText(header.Value))))),
            ["url"] = ByteText.ToText(request.Target),
            ["host"] = ByteText.ToText(request.Header("Host") ?? ""),
            ["method"] = request.Method,
        };
        if (name.Length > 0)
        {
            told["name"] = name;
        }

        told["remoteAddr"] = request.From.ToString();
        return told.ToJsonString(new JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    }
}
