using Orleans.StatefulSets.Workloads.Processes;

namespace Orleans.StatefulSets.Workloads.Files;

/// <summary>For whom a path is walked.</summary>
/// <param name="WorkingDirectory">Where relative paths begin, absolute.</param>
/// <param name="Credentials">Whose permissions count.</param>
/// <param name="Umask">Bits taken off the mode of what is made.</param>
public readonly record struct Caller(string WorkingDirectory, Credentials Credentials, int Umask)
{
    /// <summary>The open files of who calls: what <c>/dev/stdin</c> and its like open. Null where nobody is behind the call.</summary>
    public Descriptors? Files { get; init; }
}
