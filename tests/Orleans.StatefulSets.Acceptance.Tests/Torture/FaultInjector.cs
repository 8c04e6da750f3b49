using Orleans.StatefulSets.Acceptance.Tests.Servers;
using Orleans.StatefulSets.Acceptance.Tests.Servers.Network;

namespace Orleans.StatefulSets.Acceptance.Tests.Torture;

/// <summary>Does to a cluster what a schedule says, and is its supervisor: who ended is started again.</summary>
/// <param name="cluster">The cluster.</param>
/// <param name="parting">Is told of a silo whose output is about to be lost.</param>
internal sealed class FaultInjector(SiloCluster cluster, Action<ServerProcess> parting)
{
    private const int LastLines = 100;
    private static readonly TimeSpan ReviveLimit = TimeSpan.FromSeconds(90);

    private SiloNetwork Network => cluster.Network!;

    /// <summary>Returns when it is over and all silos are ready again.</summary>
    public async Task InflictAsync(Fault fault)
    {
        var silo = cluster.Servers[fault.Silo];
        switch (fault.Kind)
        {
            case FaultKind.Kill:
                await silo.KillAsync();
                await RestartAsync(silo, fault.Length);
                break;
            case FaultKind.Leave:
                await silo.LeaveAsync();
                await RestartAsync(silo, fault.Length);
                break;
            case FaultKind.Pause:
                await silo.PauseAsync();
                await WaitAsync(fault.Length);
                await silo.ContinueAsync();
                break;
            case FaultKind.Outage:
                await cluster.Postgres.CrashAsync();
                await WaitAsync(fault.Length);
                await cluster.Postgres.StartAgainAsync();
                break;
            case FaultKind.Partition:
                await WorsenAsync(() => Network.Part(fault.Silo, (fault.Silo + 1) % cluster.Servers.Count, fault.Passage), fault.Length);
                break;
            case FaultKind.Isolation:
                await WorsenAsync(() => Network.Isolate(fault.Silo, fault.Passage), fault.Length);
                break;
            case FaultKind.SlowDatabase:
                await WorsenAsync(() => Network.Database(Passage.Slow), fault.Length);
                break;
            case FaultKind.HangingDatabase:
                await WorsenAsync(() => Network.Database(Passage.Hanging), fault.Length);
                break;
        }

        await ReviveAsync();
    }

    /// <summary>Returns when all silos are ready: who ended is started again.</summary>
    public async Task ReviveAsync()
    {
        foreach (var silo in cluster.Servers)
        {
            await ReviveAsync(silo);
        }
    }

    private async Task WorsenAsync(Action worsen, TimeSpan length)
    {
        worsen();
        await WaitAsync(length);
        Network.Heal();
    }

    // Who was declared dead meanwhile, or left because it reached nobody, ends, and is started again as a supervisor would.
    private async Task ReviveAsync(ServerProcess silo)
    {
        await Deadline.WaitAsync(ReviveLimit, async () => silo.HasExited || await silo.IsReadyAsync(), () => $"a silo neither goes on nor ends\n{string.Join('\n', silo.Output.TakeLast(LastLines))}");
        if (silo.HasExited)
        {
            await RestartAsync(silo, TimeSpan.Zero);
        }
    }

    private async Task RestartAsync(ServerProcess silo, TimeSpan after)
    {
        await WaitAsync(after);
        parting(silo);
        await silo.RestartAsync();
    }

    private static Task WaitAsync(TimeSpan length) => Task.Delay(length, TimeProvider.System);
}
