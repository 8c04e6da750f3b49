using Orleans.StatefulSets.Cli.Processes;

namespace Orleans.StatefulSets.Cli.Tests.Processes;

/// <summary>A shell that waits to be ended, in the background.</summary>
internal sealed class SleepingProcess : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("sleeping-");
    private readonly BackgroundProcess process;

    private SleepingProcess(string before)
    {
        Log = new LogFile(Path.Combine(folder.FullName, "log"));
        process = BackgroundProcess.Start(["/bin/sh", "-c", $"{before}; echo begun; while :; do sleep 1; done"], new Dictionary<string, string>(), Log);
    }

    public LogFile Log { get; }

    public ProcessIdentity Identity => process.Identity!;

    /// <summary>Starts it; returns when it has run its first commands.</summary>
    /// <param name="before">Commands of the shell.</param>
    public static async Task<SleepingProcess> StartAsync(string before = ":")
    {
        var sleeping = new SleepingProcess(before);
        await Acceptance.Tests.Deadline.WaitAsync(Limit, () => sleeping.Log.LastLine(0) == "begun", () => "the shell did not begin");
        return sleeping;
    }

    public void Dispose()
    {
        Signals.Send(Identity, Signals.Kill);
        process.Dispose();
        folder.Delete(recursive: true);
    }
}
