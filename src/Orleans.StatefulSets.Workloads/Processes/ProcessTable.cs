using System.Text.RegularExpressions;
using Orleans.StatefulSets.Workloads.Files;
using Orleans.StatefulSets.Workloads.Text;

namespace Orleans.StatefulSets.Workloads.Processes;

/// <summary>The processes of one container, by number.</summary>
/// <param name="count">How many processes all containers of the pod have.</param>
/// <param name="budget">The pod's share of work.</param>
public sealed class ProcessTable(ProcessCount count, StepBudget budget)
{
    private readonly SortedDictionary<int, Process> running = [];
    private TaskCompletionSource? emptied;
    private int lastId;

    /// <summary>The pod's share of work.</summary>
    public StepBudget Budget => budget;

    /// <summary>Those that run, by number.</summary>
    public IReadOnlyCollection<Process> Running => running.Values;

    /// <summary>Completes when none runs any more.</summary>
    public Task EmptyAsync() => running.Count == 0 ? Task.CompletedTask : (emptied ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    /// <summary>The process of a number, or null.</summary>
    public Process? Find(int id) => running.GetValueOrDefault(id);

    /// <summary>A process that the runtime starts: the container's first one, or one of <c>exec</c>.</summary>
    /// <exception cref="FileException">EAGAIN: too many.</exception>
    public Process New(Container container, Credentials credentials, Descriptors files, IReadOnlyDictionary<string, string> environment)
    {
        var process = new Process(this, container, NextId(), 0)
        {
            Credentials = credentials,
            Files = files,
            Environment = new Dictionary<string, string>(environment, StringComparer.Ordinal),
        };
        running[process.Id] = process;
        return process;
    }

    /// <summary>A child that has all its parent has, as after <c>fork(2)</c>.</summary>
    /// <exception cref="FileException">EAGAIN: too many.</exception>
    public Process Fork(Process parent)
    {
        var child = new Process(this, parent.Container, NextId(), parent.Id)
        {
            Credentials = parent.Credentials,
            Files = parent.Files.Fork(),
            Environment = new Dictionary<string, string>(parent.Environment, StringComparer.Ordinal),
            Arguments = parent.Arguments,
            WorkingDirectory = parent.WorkingDirectory,
            Umask = parent.Umask,
            Group = parent.Group,
            IgnoredSignals = parent.IgnoredSignals,
            Substitute = parent.Substitute,
        };
        running[child.Id] = child;
        return child;
    }

    /// <summary>Runs what a process does, then closes its files and takes it off the table.</summary>
    /// <returns>Its exit status; 128 + signal where one ended it.</returns>
    public async Task<int> RunAsync(Process process, Func<Process, ValueTask<int>> body)
    {
        int status;
        try
        {
            status = await body(process);
            while (process.Successor is { } successor)
            {
                process.Successor = null;
                status = await successor();
            }
        }
        catch (OperationCanceledException) when (process.Signal != 0)
        {
            status = 128 + process.Signal;
        }
        catch (FileException failure) when (failure.Code == Errno.EPIPE)
        {
            status = 128 + Signals.Pipe;
        }
        catch (FileException failure)
        {
            status = 1;
            await ComplainAsync(process, failure.Message);
        }
        catch (RegexMatchTimeoutException)
        {
            // A pattern that would take for ever; grep says 2 for what it could not do.
            status = 2;
            await ComplainAsync(process, "regular expression is too complex");
        }
        catch (Exception failure) when (failure is not FileException)
        {
            // A program's own mistake ends that program alone, as a segmentation fault does.
            status = 128 + Signals.Fault;
            await ComplainAsync(process, $"Segmentation fault ({failure.GetType().Name}: {ByteText.FromText(failure.Message)})");
        }

        status = await FlushAsync(process, status);

        await process.Files.CloseAllAsync();
        running.Remove(process.Id);
        count.Left();
        foreach (var orphan in running.Values.Where(other => other.ParentId == process.Id))
        {
            orphan.ParentId = 1;
        }

        if (running.Count == 0)
        {
            emptied?.TrySetResult();
        }

        return status;
    }

    /// <summary>Sends a signal to every process of a group.</summary>
    /// <returns>Whether there was one.</returns>
    public bool SendToGroup(int group, int signal)
    {
        var members = running.Values.Where(process => process.Group == group).ToList();
        foreach (var process in members)
        {
            process.Send(signal);
        }

        return members.Count > 0;
    }

    // What a command wrote to a volume is safe before anybody hears that the command ended.
    private static async ValueTask<int> FlushAsync(Process process, int status)
    {
        try
        {
            await process.Container.Files.FlushAsync();
            return status;
        }
        catch (FileException failure)
        {
            await ComplainAsync(process, failure.Message);
            return status == 0 ? 1 : status;
        }
    }

    private static async ValueTask ComplainAsync(Process process, string text)
    {
        try
        {
            await process.ComplainAsync($"{(process.Arguments.Count > 0 ? process.Arguments[0] : "?")}: {text}\n");
        }
        catch (Exception failure) when (failure is FileException or OperationCanceledException)
        {
            // Nobody hears it.
        }
    }

    private int NextId()
    {
        count.Entered();
        return ++lastId;
    }
}

/// <summary>How many processes a pod has.</summary>
/// <param name="most">The bound (a cgroup's pids.max).</param>
public sealed class ProcessCount(int most)
{
    /// <summary>How many there are.</summary>
    public int Current { get; private set; }

    internal void Entered()
    {
        if (Current >= most)
        {
            throw new FileException(Errno.EAGAIN);
        }

        Current++;
    }

    internal void Left() => Current--;
}
