using System.Globalization;

namespace Orleans.StatefulSets.Benchmarks.Servers;

/// <summary>What Linux says of a process (proc(5)).</summary>
internal static class ProcessUsage
{
    // USER_HZ, which is 100 on every architecture that .NET runs on.
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(10);

    /// <summary>utime + stime of /proc/PID/stat, in steps of 10 ms.</summary>
    public static TimeSpan Cpu(int processId) => Times($"/proc/{processId}/stat", 2);

    /// <summary>What this process and those that it started and saw ending have used.</summary>
    public static TimeSpan CpuOfThisAndItsChildren() => Times("/proc/self/stat", 4);

    /// <summary>What all of the machine has used, with what a hypervisor gave to others (the first line of /proc/stat).</summary>
    public static TimeSpan CpuOfMachine()
    {
        // cpu user nice system idle iowait irq softirq steal guest guest_nice: user holds guest already.
        var fields = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Take(8).Select(Number).ToList();
        return Tick * (fields.Sum() - fields[3] - fields[4]);
    }

    /// <summary>VmRSS of /proc/PID/status, in bytes.</summary>
    public static long ResidentBytes(int processId)
    {
        var line = File.ReadLines($"/proc/{processId}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        return Number(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2]) * 1024;
    }

    private static TimeSpan Times(string path, int count)
    {
        // The name in parentheses may hold blanks; behind it, state is the third field, utime the 14th, then stime, cutime, cstime.
        var stat = File.ReadAllText(path);
        return Tick * stat[(stat.LastIndexOf(')') + 2)..].Split(' ').Skip(11).Take(count).Sum(Number);
    }

    private static long Number(string text) => long.Parse(text.Trim(), CultureInfo.InvariantCulture);
}
