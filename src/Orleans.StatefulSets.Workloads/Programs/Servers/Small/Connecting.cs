using System.Net;
using Orleans.StatefulSets.Workloads.Files;
using Orleans.StatefulSets.Workloads.Network;
using Orleans.StatefulSets.Workloads.Processes;
using Orleans.StatefulSets.Workloads.Programs.Tools;

namespace Orleans.StatefulSets.Workloads.Programs.Servers.Small;

/// <summary>agnhost connect: whether a TCP port can be reached; one word says why not.</summary>
internal static class Connecting
{
    public static async ValueTask<int> RunAsync(Process process, List<string> arguments)
    {
        var goal = arguments.Find(argument => !argument.StartsWith('-') && argument.Contains(':'));
        if (goal is null || Flags.PortOf(goal) is not { } port)
        {
            await process.ComplainAsync("OTHER: missing host:port\n");
            return 1;
        }

        var text = Flags.Find(arguments, "timeout") ?? "0";
        using var timer = new CancellationTokenSource(TimeSpan.FromSeconds(Math.Min(SleepTool.Seconds(text), 86_400) is > 0 and var seconds ? seconds : 86_400), process.Container.Clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, process.Killed);
        try
        {
            var addresses = await NameResolver.ResolveAsync(process.Container.Network, process.Container.Files, process.Caller, goal[..goal.LastIndexOf(':')], both.Token);
            if (addresses.Count == 0)
            {
                await process.ComplainAsync("DNS: no such host\n");
                return 1;
            }

            await (await process.Container.Network.ConnectAsync(new IPEndPoint(addresses[0], port), both.Token)).CloseAsync();
            return 0;
        }
        catch (FileException failure)
        {
            await process.ComplainAsync(failure.Code switch { Errno.ECONNREFUSED => "REFUSED\n", Errno.ETIMEDOUT => "TIMEOUT\n", _ => $"OTHER: {failure.Message}\n" });
            return 1;
        }
        catch (OperationCanceledException) when (timer.IsCancellationRequested && !process.Killed.IsCancellationRequested)
        {
            await process.ComplainAsync("TIMEOUT\n");
            return 1;
        }
    }
}
