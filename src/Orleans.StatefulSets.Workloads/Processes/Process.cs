using Orleans.StatefulSets.Workloads.Files;
using Orleans.StatefulSets.Workloads.Text;

namespace Orleans.StatefulSets.Workloads.Processes;

/// <summary>
/// One process of a pod: what a program runs in. All processes of a pod run on one scheduler that runs one thing at a time, so nothing
/// here is locked; whatever awaits may find the world changed. Strings are byte strings (<see cref="ByteText"/>).
/// </summary>
public sealed class Process
{
    private readonly CancellationTokenSource killed = new();

    internal Process(ProcessTable table, Container container, int id, int parentId)
    {
        Table = table;
        Container = container;
        Id = id;
        ParentId = parentId;
        Killed = killed.Token;
        Group = id;
    }

    /// <summary>The pod's processes.</summary>
    public ProcessTable Table { get; }

    /// <summary>The container that it runs in.</summary>
    public Container Container { get; }

    /// <summary>Its number; a container's first process is 1.</summary>
    public int Id { get; }

    /// <summary>The number of the process that started it; 0 where the runtime did.</summary>
    public int ParentId { get; internal set; }

    /// <summary>Its process group; whom a terminal's keys reach. A child is born into its parent's.</summary>
    public int Group { get; set; }

    /// <summary>The signals that it ignores, bit by number (<c>1 &lt;&lt; signal</c>). Children and programs it runs inherit them.</summary>
    public long IgnoredSignals { get; set; }

    /// <summary>The name that it was called by, and its arguments.</summary>
    public IReadOnlyList<string> Arguments { get; set; } = [];

    /// <summary>Its environment.</summary>
    public Dictionary<string, string> Environment { get; init; } = new(StringComparer.Ordinal);

    /// <summary>Its working directory, absolute.</summary>
    public string WorkingDirectory { get; set; } = "/";

    /// <summary>Bits taken off the mode of what it makes.</summary>
    public int Umask { get; set; } = 0x12; // 022

    /// <summary>Whom it acts for.</summary>
    public required Credentials Credentials { get; set; }

    /// <summary>Its open files by number.</summary>
    public required Descriptors Files { get; init; }

    /// <summary>Ends its program: the process got a signal that it does not handle.</summary>
    public CancellationToken Killed { get; }

    /// <summary>The signal that ended it; 0 for none.</summary>
    public int Signal { get; private set; }

    /// <summary>Asked first when a signal comes, unless it is KILL: true if the program deals with it (<c>trap</c>).</summary>
    public Func<int, bool>? SignalHandler { get; set; }

    /// <summary>
    /// What runs in place of programs that the container's files don't have: there, a server stands in for whatever an image that is not
    /// emulated holds. Children inherit it. Null where what is missing is missing.
    /// </summary>
    public string? Substitute { get; internal set; }

    /// <summary>What the process goes on as when what runs in it has returned (see <see cref="Execution.ReplaceAsync"/>).</summary>
    internal Func<ValueTask<int>>? Successor { get; set; }

    /// <summary>For whom paths are walked.</summary>
    public Caller Caller => new(WorkingDirectory, Credentials, Umask) { Files = Files };

    /// <summary>Standard input; empty where it is closed.</summary>
    public IOpenFile? Input => Files[0];

    /// <summary>Writes a byte string to standard output.</summary>
    /// <exception cref="FileException">EBADF where it is closed, EPIPE where nobody reads.</exception>
    public ValueTask PrintAsync(string text) => WriteAsync(1, text);

    /// <summary>Writes a byte string to standard error.</summary>
    public ValueTask ComplainAsync(string text) => WriteAsync(2, text);

    /// <summary>Writes a byte string to a descriptor.</summary>
    public async ValueTask WriteAsync(int descriptor, string text)
    {
        if (text.Length == 0)
        {
            return;
        }

        var file = Files[descriptor] ?? throw new FileException(Errno.EBADF);
        await StepAsync(1 + (text.Length / 4096));
        await file.WriteAsync(ByteText.ToBytes(text), Killed);
    }

    /// <summary>Counts work done. Lets others go on, and waits where the pod did more than its share of a second.</summary>
    /// <exception cref="OperationCanceledException">It was killed.</exception>
    public ValueTask StepAsync(int steps = 1)
    {
        Killed.ThrowIfCancellationRequested();
        return Table.Budget.SpendAsync(steps, Killed);
    }

    /// <summary>Sends it a signal (<c>kill(2)</c>): its handler's, or its end with status 128 + signal. Of 0 nothing comes.</summary>
    public void Send(int signal)
    {
        if (signal == 0 || Signal != 0 || (signal != Signals.Kill && Ignores(signal)))
        {
            return;
        }

        if ((signal != Signals.Kill && SignalHandler?.Invoke(signal) == true) || !Signals.Ends(signal, this))
        {
            return;
        }

        Signal = signal;
        killed.Cancel();
    }

    /// <summary>Whether it ignores a signal.</summary>
    public bool Ignores(int signal) => (IgnoredSignals & (1L << signal)) != 0;
}
