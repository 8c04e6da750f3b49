namespace Orleans.StatefulSets.Cli.State;

/// <summary>What a supervisor knows of its cluster, in its folder at every moment.</summary>
internal sealed class ClusterRoster
{
    private readonly Lock gate = new();
    private readonly ClusterFolder folder;
    private ClusterState state;

    public ClusterRoster(ClusterFolder folder, ClusterState state)
    {
        this.folder = folder;
        this.state = state;
        folder.Save(state);
    }

    public ClusterState State
    {
        get
        {
            lock (gate)
            {
                return state;
            }
        }
    }

    /// <summary>A process was started, for the first time or again.</summary>
    public void Enter(RunningProcess process) => Change(old => old with
    {
        Processes = old.Processes.Any(other => other.Name == process.Name)
            ? [.. old.Processes.Select(other => other.Name == process.Name ? process : other)]
            : [.. old.Processes, process],
    });

    /// <summary>All is ready.</summary>
    public void Complete() => Change(old => old with { HasStarted = true });

    private void Change(Func<ClusterState, ClusterState> change)
    {
        lock (gate)
        {
            state = change(state);
            folder.Save(state);
        }
    }
}
