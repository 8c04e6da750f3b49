using System.Diagnostics;

namespace Orleans.StatefulSets.Benchmarks.Servers;

/// <summary>How much of the machine others took meanwhile: a figure from a busy machine says little, and the reader has to know.</summary>
internal sealed class OtherWork
{
    private readonly long begin = Stopwatch.GetTimestamp();
    private readonly TimeSpan before = Now();

    /// <summary>Of all cores, since this was made, 0 to 1; asked for when the processes that were started have ended.</summary>
    public double Share => Math.Max(0, (Now() - before) / (Stopwatch.GetElapsedTime(begin) * Environment.ProcessorCount));

    private static TimeSpan Now() => ProcessUsage.CpuOfMachine() - ProcessUsage.CpuOfThisAndItsChildren();
}
