using Orleans.StatefulSets.Workloads.Network;
using Orleans.StatefulSets.Workloads.Processes;
using Orleans.StatefulSets.Workloads.Programs.Servers.Http;
using Orleans.StatefulSets.Workloads.Programs.Servers.Small;

namespace Orleans.StatefulSets.Workloads.Programs.Servers;

/// <summary>agnhost: the subcommands that people use: pause, netexec, serve-hostname, test-webserver, dns-suffix, dns-server-list, etc-hosts, connect, entrypoint-tester.</summary>
internal sealed class AgnhostProgram : IProgram
{
    private const string Version = "2.53";

    public IReadOnlyList<string> Names { get; } = ["agnhost"];

    public async ValueTask<int> RunAsync(Process process)
    {
        var arguments = process.Arguments.Skip(2).ToList();
        switch (process.Arguments.ElementAtOrDefault(1))
        {
            case "pause":
                return await PauseAsync(process);
            case "netexec":
                return await NetExec.RunAsync(process, Flags.Port(arguments, "http-port", 8080));
            case "serve-hostname":
                return await ServeHostnameProgram.ServeAsync(process, Flags.Port(arguments, "port", 9376));
            case "test-webserver":
                return await new TcpServer(process).RunAsync([Flags.Port(arguments, "port", 80)], caller => new HttpConversation(new PlainSite(FileOfAsync), caller, process).RunAsync());
            case "dns-suffix":
                await process.PrintAsync(string.Join(',', (await NameResolver.SettingsAsync(process.Container.Files, process.Caller)).Search) + "\n");
                return 0;
            case "dns-server-list":
                await process.PrintAsync(string.Join(',', (await NameResolver.SettingsAsync(process.Container.Files, process.Caller)).Servers) + "\n");
                return 0;
            case "etc-hosts":
                return await PrintFileAsync(process, "/etc/hosts");
            case "connect":
                return await Connecting.RunAsync(process, arguments);
            case "entrypoint-tester":
                await process.PrintAsync($"[{string.Join(' ', process.Arguments)}]\n");
                return 0;
            case "--version":
                await process.PrintAsync($"agnhost version {Version}\n");
                return 0;
            case null or "help" or "--help":
                await process.PrintAsync("This image contains various small programs\n\nUsage:\n  app [command]\n");
                return 0;
            case var unknown:
                await process.ComplainAsync($"Error: unknown command \"{unknown}\" for \"app\"\nRun 'app --help' for usage.\nunknown command \"{unknown}\" for \"app\"\n");
                return 1;
        }
    }

    private static async ValueTask<int> PauseAsync(Process process)
    {
        var signals = new SignalQueue(process, Signals.Interrupt, Signals.Terminate);
        await process.PrintAsync("Paused\n");
        await signals.NextAsync();
        return 0;
    }

    private static async ValueTask<HttpResponse> FileOfAsync(HttpRequest request)
    {
        const int mostBytes = 8 << 20;
        try
        {
            var bytes = await request.Process.Container.Files.ReadAllAsync(request.Process.Caller, request.Path, mostBytes);
            return new HttpResponse(200) { ContentType = "text/plain; charset=utf-8", Content = new BytesPayload(bytes) };
        }
        catch (Files.FileException)
        {
            return PlainSite.Say("404 page not found\n", 404);
        }
    }

    private static async ValueTask<int> PrintFileAsync(Process process, string path)
    {
        const int mostBytes = 1 << 20;
        await process.PrintAsync(Text.ByteText.FromBytes(await process.Container.Files.ReadAllAsync(process.Caller, path, mostBytes)) + "\n");
        return 0;
    }
}
