using Orleans.StatefulSets.Workloads.Processes;
using Orleans.StatefulSets.Workloads.Programs.Servers.Http;

namespace Orleans.StatefulSets.Workloads.Programs.Servers;

/// <summary>
/// Stands in for a server that is not emulated: takes every connection on its ports, answers whoever speaks HTTP with the pod's name and
/// sends everything else back. Its arguments are another program's, and mean nothing to it.
/// </summary>
/// <param name="ports">What it listens on; with none it waits.</param>
internal sealed class StandInProgram(IReadOnlyList<int> ports) : IProgram
{
    /// <summary>Bytes that tell a request from anything else: the longest method and the slash.</summary>
    private const int TellingBytes = 9;

    private static readonly PlainSite Site = new(request => new(PlainSite.Say($"{request.HostName}\n")));

    public IReadOnlyList<string> Names { get; } = ["server"];

    public ValueTask<int> RunAsync(Process process) => new TcpServer(process).RunAsync(ports, caller => ServeAsync(process, caller));

    private static async ValueTask ServeAsync(Process process, TcpCaller caller)
    {
        var reader = new HttpReader(caller.File);
        do
        {
            if (!await reader.FillAsync(caller.Ended))
            {
                return;
            }
        }
        while (reader.Ahead.Length < TellingBytes && HttpHead.MayBegin(reader.Ahead.Span));
        if (HttpHead.MayBegin(reader.Ahead.Span))
        {
            await new HttpConversation(Site, caller, process).RunAsync(reader);
            return;
        }

        while (await reader.ReadBlockAsync(int.MaxValue, caller.Ended) is { IsEmpty: false } block)
        {
            await process.StepAsync();
            await caller.File.WriteAsync(block, caller.Ended);
        }
    }
}
