using System.Runtime.InteropServices;
using Orleans.StatefulSets.Benchmarks;
using Orleans.StatefulSets.Benchmarks.Options;

const int failed = 1;
const int wrongOption = 2;
const int interrupted = 130;

using var ending = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, End);
try
{
    var options = BenchmarkOptions.Parse(args);
    if (options.ShowHelp)
    {
        Console.Out.Write(BenchmarkOptions.Help);
        return 0;
    }

    if (!OperatingSystem.IsLinux())
    {
        throw new BenchmarkException("the figures come from /proc, which only Linux has");
    }

    await Benchmark.RunAsync(options, ending.Token);
    return 0;
}
catch (OptionException error)
{
    Console.Error.WriteLine(error.Message);
    return wrongOption;
}
catch (Exception) when (ending.IsCancellationRequested)
{
    // A terminal's Ctrl-C reaches the server too, so that a broken connection may be noticed first.
    Console.Error.WriteLine("interrupted");
    return interrupted;
}
catch (Exception error) when (error is BenchmarkException or HttpRequestException or IOException)
{
    Console.Error.WriteLine(error.Message);
    return failed;
}

// The process is not ended by the signal but by the way out of the run, on which every server that was started ends.
void End(PosixSignalContext signal)
{
    signal.Cancel = true;
    ending.Cancel();
}
