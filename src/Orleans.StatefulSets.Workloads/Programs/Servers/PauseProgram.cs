using Orleans.StatefulSets.Workloads.Processes;

namespace Orleans.StatefulSets.Workloads.Programs.Servers;

/// <summary>pause: waits for a signal that says to stop.</summary>
internal sealed class PauseProgram : IProgram
{
    public IReadOnlyList<string> Names { get; } = ["pause"];

    public async ValueTask<int> RunAsync(Process process)
    {
        if (process.Arguments is [_, "-v", ..])
        {
            await process.PrintAsync("pause.c 3.10\n");
            return 0;
        }

        var signals = new SignalQueue(process, Signals.Interrupt, Signals.Terminate);
        await process.ComplainAsync($"Shutting down, got signal: {(await signals.NextAsync() == Signals.Terminate ? "Terminated" : "Interrupt")}\n");
        return 0;
    }
}
