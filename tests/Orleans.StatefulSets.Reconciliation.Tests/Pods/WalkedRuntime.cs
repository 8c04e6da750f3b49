using Orleans.StatefulSets.Reconciliation.Pods;

namespace Orleans.StatefulSets.Reconciliation.Tests.Pods;

/// <summary>A container runtime of which a test says what happens in it, and when.</summary>
internal sealed class WalkedRuntime
{
    private readonly PriorityQueue<Action, DateTime> later = new();

    internal WalkedRuntime(params string[] real) => Real = real.ToHashSet();

    /// <summary>The containers that it runs.</summary>
    internal HashSet<string> Real { get; }

    internal Dictionary<string, ContainerRun> Runs { get; } = [];

    /// <summary>What it was asked to do, in order: <c>Start nginx#0 +0s</c>, seconds since the walk's beginning.</summary>
    internal List<string> Asked { get; } = [];

    /// <summary>What it makes of a start, and when: by default a container runs at once.</summary>
    internal Func<ContainerRun, DateTime, ContainerRun> OnStart { get; set; } = (run, _) => run;

    /// <summary>By container: what follows a start, and how long after it.</summary>
    internal Dictionary<string, (TimeSpan After, Func<ContainerRun, ContainerRun> Change)> AfterStart { get; } = [];

    /// <summary>How long after it is asked each ends, and with which code; one that is not named does not hear it.</summary>
    internal Dictionary<string, (TimeSpan Takes, int ExitCode)> OnStop { get; } = [];

    internal DateTime? NextAt => later.TryPeek(out _, out var at) ? at : null;

    internal void Act(IEnumerable<ContainerAction> actions, DateTime now)
    {
        foreach (var action in actions)
        {
            Asked.Add($"{action.Verb} {action.Container}#{action.Restarts} +{Math.Round((now - PodWalk.Start).TotalSeconds)}s");
            switch (action.Verb)
            {
                case ContainerVerb.Start:
                    Assert.Contains(action.Container, Real);
                    Runs[action.Container] = OnStart(new ContainerRun { Restarts = action.Restarts }, now);
                    if (AfterStart.TryGetValue(action.Container, out var next))
                    {
                        Plan(now + next.After, action, next.Change);
                    }

                    break;
                case ContainerVerb.Stop:
                    Runs[action.Container] = Runs[action.Container] with { IsStopping = true };
                    if (OnStop.TryGetValue(action.Container, out var stop))
                    {
                        Plan(now + stop.Takes, action, run => run with { Exit = run.Exit ?? new ContainerExit(stop.ExitCode) });
                    }

                    break;
                default:
                    Ends(action.Container, 137);
                    break;
            }
        }
    }

    internal void Advance(DateTime now)
    {
        while (later.TryPeek(out var happening, out var at) && at <= now)
        {
            later.Dequeue();
            happening();
        }
    }

    internal void Change(string container, Func<ContainerRun, ContainerRun> change) => Runs[container] = change(Runs[container]);

    internal void Ends(string container, int exitCode) => Change(container, run => run with { Exit = new ContainerExit(exitCode) });

    private void Plan(DateTime at, ContainerAction action, Func<ContainerRun, ContainerRun> change) => later.Enqueue(
        () =>
        {
            if (Runs.TryGetValue(action.Container, out var run) && run.Restarts == action.Restarts)
            {
                Runs[action.Container] = change(run);
            }
        },
        at);
}
