using Orleans.StatefulSets.Workloads.Processes;

namespace Orleans.StatefulSets.Workloads.Programs.Shell;

/// <summary>What a shell does about signals, and when it exits.</summary>
internal sealed class Traps
{
    private readonly Process process;
    private readonly string?[] actions = new string?[Signals.Names.Count];
    private CancellationTokenSource interruption = new();
    private long pending;

    public Traps(Process process)
    {
        this.process = process;
        process.SignalHandler = Take;
    }

    /// <summary>An interactive shell is not ended by the keyboard nor by TERM.</summary>
    public bool IsInteractive { get; set; }

    /// <summary>An interactive shell got INT and has not dealt with it.</summary>
    public bool IsInterrupted { get; set; }

    /// <summary>Whether a signal came whose trap has not run yet.</summary>
    public bool HasPending => pending != 0;

    /// <summary>Cancelled when a signal comes that the shell deals with: what waits for something else should look.</summary>
    public CancellationToken Interruption
    {
        get
        {
            if (interruption.IsCancellationRequested && pending == 0 && !IsInterrupted)
            {
                interruption = new CancellationTokenSource();
            }

            return interruption.Token;
        }
    }

    /// <summary>The signal of the trap that is to run next; its number.</summary>
    public int LastSignal { get; private set; }

    /// <summary>The action of a signal, 0 for the shell's exit: null for the default, empty to ignore it.</summary>
    public string? this[int signal] => actions[signal];

    /// <summary>Sets an action.</summary>
    public void Set(int signal, string? action)
    {
        actions[signal] = action;
        if (signal == 0)
        {
            return;
        }

        process.IgnoredSignals = action?.Length == 0 ? process.IgnoredSignals | (1L << signal) : process.IgnoredSignals & ~(1L << signal);
    }

    /// <summary>The action of a signal that came; null where none is left.</summary>
    public string? TakePending()
    {
        for (var signal = 1; signal < actions.Length; signal++)
        {
            if ((pending & (1L << signal)) != 0)
            {
                pending &= ~(1L << signal);
                if (actions[signal] is { Length: > 0 } action)
                {
                    return action;
                }
            }
        }

        return null;
    }

    private bool Take(int signal)
    {
        var hasAction = signal < actions.Length && actions[signal] is { Length: > 0 };
        if (!hasAction && !(IsInteractive && signal is Signals.Interrupt or Signals.Quit or Signals.Terminate))
        {
            return false;
        }

        if (hasAction)
        {
            pending |= 1L << signal;
            LastSignal = signal;
        }
        else if (signal == Signals.Interrupt)
        {
            IsInterrupted = true;
            LastSignal = signal;
        }
        else
        {
            return true;
        }

        interruption.Cancel();
        return true;
    }
}
