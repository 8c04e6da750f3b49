using Orleans.StatefulSets.Workloads.Processes;
using Orleans.StatefulSets.Workloads.Programs.Servers.Http;

namespace Orleans.StatefulSets.Workloads.Programs.Servers.Small;

/// <summary>serve_hostname: answers with the pod's name.</summary>
internal sealed class ServeHostnameProgram : IProgram
{
    private static readonly PlainSite Site = new(request => new(PlainSite.Say(request.HostName)));

    public IReadOnlyList<string> Names { get; } = ["serve_hostname"];

    public ValueTask<int> RunAsync(Process process) => ServeAsync(process, Flags.Port([.. process.Arguments.Skip(1)], "port", 9376));

    /// <summary>The same as a subcommand.</summary>
    public static async ValueTask<int> ServeAsync(Process process, int port)
    {
        await process.ComplainAsync("Serving on port " + port.ToString(System.Globalization.CultureInfo.InvariantCulture) + ".\n");
        return await new TcpServer(process).RunAsync([port], caller => new HttpConversation(Site, caller, process).RunAsync());
    }
}
