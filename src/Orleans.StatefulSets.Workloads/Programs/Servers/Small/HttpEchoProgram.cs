using System.Globalization;
using Orleans.StatefulSets.Workloads.Processes;
using Orleans.StatefulSets.Workloads.Programs.Servers.Http;

namespace Orleans.StatefulSets.Workloads.Programs.Servers.Small;

/// <summary>http-echo: answers with the text that it was given.</summary>
internal sealed class HttpEchoProgram : IProgram
{
    public IReadOnlyList<string> Names { get; } = ["http-echo"];

    public async ValueTask<int> RunAsync(Process process)
    {
        var arguments = process.Arguments.Skip(1).ToList();
        if ((Flags.Find(arguments, "text") ?? process.Environment.GetValueOrDefault("ECHO_TEXT")) is not { Length: > 0 } text)
        {
            await process.ComplainAsync("Missing -text option!\n");
            return 127;
        }

        var status = int.TryParse(Flags.Find(arguments, "status-code"), NumberStyles.None, CultureInfo.InvariantCulture, out var code) && code is >= 200 and <= 599 ? code : 200;
        var port = Flags.PortOf(Flags.Find(arguments, "listen")) ?? 5678;
        var site = new PlainSite(async request =>
        {
            var response = PlainSite.Say(text + "\n", status);
            response.Headers.AddRange([("X-App-Name", "http-echo"), ("X-App-Version", "1.0.0")]);
            var now = process.Container.Clock.GetUtcNow().ToString("yyyy/MM/dd HH:mm:ss", CultureInfo.InvariantCulture);
            await process.PrintAsync($"{now} {request.Header("Host")} {request.From} \"{HttpRequest.Logged(request.Line)}\" {status} {text.Length + 1} \"{HttpRequest.Logged(request.Header("User-Agent") ?? "")}\" 10µs\n".Replace("µ", "\xC2\xB5", StringComparison.Ordinal));
            return response;
        });
        await process.ComplainAsync($"{process.Container.Clock.GetUtcNow().ToString("yyyy/MM/dd HH:mm:ss", CultureInfo.InvariantCulture)} [INFO] server is listening on :{port}\n");
        return await new TcpServer(process).RunAsync([port], caller => new HttpConversation(site, caller, process).RunAsync());
    }
}
