using Orleans.StatefulSets.Workloads.Processes;

namespace Orleans.StatefulSets.Workloads.Programs;

/// <summary>
/// What an executable file of an emulated image does: the shell, a tool, a server. A program holds no state of its own: all of it is in
/// its process, so one instance serves every pod. It runs on its pod's scheduler and never blocks a thread.
/// </summary>
public interface IProgram
{
    /// <summary>The names it goes by: the last segment of the paths that run it.</summary>
    IReadOnlyList<string> Names { get; }

    /// <summary>Runs to its end.</summary>
    /// <returns>The exit status, 0 to 255.</returns>
    /// <exception cref="Files.FileException">Nothing that the program knew to say: the process ends with status 1 and the error's text.</exception>
    /// <exception cref="OperationCanceledException">It was killed by a signal.</exception>
    ValueTask<int> RunAsync(Process process);
}
