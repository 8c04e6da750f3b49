using System.Text;
using Orleans.StatefulSets.Workloads.Processes;
using Orleans.StatefulSets.Workloads.Programs.Servers.Http;
using Orleans.StatefulSets.Workloads.Text;

namespace Orleans.StatefulSets.Workloads.Programs.Servers.Small;

/// <summary>echoserver: tells what it was asked.</summary>
internal sealed class EchoServerProgram : IProgram
{
    private const int Port = 8080;
    private const long MostBody = 1 << 20;

    public IReadOnlyList<string> Names { get; } = ["echoserver"];

    public ValueTask<int> RunAsync(Process process)
    {
        var site = new PlainSite(async request => PlainSite.Say(Text(request, ByteText.FromBytes(await request.Body.ReadAllAsync(MostBody, request.Ended)))));
        return new TcpServer(process).RunAsync([Port], caller => new HttpConversation(site, caller, process).RunAsync());
    }

    private static string Text(HttpRequest request, string body)
    {
        var text = new StringBuilder($"\n\nHostname: {request.HostName}\n\nPod Information:\n\t-no pod information available-\n\nServer values:\n\tserver_version=nginx: 1.13.3 - lua: 10008\n\n");
        text.Append($"Request Information:\n\tclient_address={request.Client}\n\tmethod={request.Method}\n\treal path={request.Target}\n\tquery={request.Query}\n\trequest_version=1.{Math.Max(0, request.Minor)}\n");
        text.Append($"\trequest_scheme=http\n\trequest_uri=http://{request.Header("Host")}:{Port}{request.Target}\n\nRequest Headers:\n");
        foreach (var (name, value) in request.Headers.OrderBy(header => header.Name, StringComparer.OrdinalIgnoreCase))
        {
            text.Append($"\t{name.ToLowerInvariant()}={value}\n");
        }

        return text.Append($"\nRequest Body:\n{(body.Length == 0 ? "\t-no body in request-" : body)}\n\n").ToString();
    }
}
