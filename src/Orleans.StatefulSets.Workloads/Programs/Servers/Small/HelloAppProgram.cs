using Orleans.StatefulSets.Workloads.Processes;
using Orleans.StatefulSets.Workloads.Programs.Servers.Http;

namespace Orleans.StatefulSets.Workloads.Programs.Servers.Small;

/// <summary>hello-app: says hello, which version it is and where.</summary>
/// <param name="tag">The image's tag.</param>
internal sealed class HelloAppProgram(string tag) : IProgram
{
    private readonly string version = tag.Split('.').Length == 2 ? tag + ".0" : tag == "latest" ? "1.0.0" : tag;

    public IReadOnlyList<string> Names { get; } = ["hello-app"];

    public async ValueTask<int> RunAsync(Process process)
    {
        var port = Flags.PortOf(process.Environment.GetValueOrDefault("PORT")) ?? 8080;
        var site = new PlainSite(request => new(PlainSite.Say($"Hello, world!\nVersion: {version}\nHostname: {request.HostName}\n")));
        await process.ComplainAsync($"Server listening on port {port}\n");
        return await new TcpServer(process).RunAsync([port], caller => new HttpConversation(site, caller, process).RunAsync());
    }
}
