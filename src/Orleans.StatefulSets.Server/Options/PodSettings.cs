using System.Globalization;
using Orleans.StatefulSets.Workloads.Processes;
using static Orleans.StatefulSets.Server.Options.SettingValues;

namespace Orleans.StatefulSets.Server.Options;

/// <summary>The options of what is inside pods.</summary>
internal static class PodSettings
{
    private const string Group = "Inside pods";

    public static IEnumerable<Setting> All()
    {
        yield return new()
        {
            Group = Group,
            Name = "unavailable-images",
            Placeholder = "PATTERNS",
            Explanation = "images that can't be pulled, as a shell's patterns divided by commas: 'nosuch*,quay.io/*'; their pods show ErrImagePull and ImagePullBackOff",
            Default = options => string.Join(',', options.UnavailableImages),
            Apply = (options, text) => options with { UnavailableImages = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) },
        };
        yield return Number("pod-processes", "processes of a pod at once, 16 to 10000; beyond it a fork fails", 16, 10_000, l => l.Processes, (l, n) => l with { Processes = n });
        yield return Number("pod-attached", "sessions attached to a container at once, 1 to 10000", 1, 10_000, l => l.Attached, (l, n) => l with { Attached = n });
        yield return Number("pod-open-files", "open files of a process, 16 to 65536", 16, 65_536, l => l.OpenFiles, (l, n) => l with { OpenFiles = n });
        yield return Number(
            "pod-steps", "steps (commands, turns of a loop, 4KiB moved) that a pod's processes make in a real second before they wait, 1000 to 100000000", 1000, 100_000_000, l => l.StepsPerSecond, (l, n) => l with { StepsPerSecond = n });
        yield return new()
        {
            Group = Group,
            Name = "pod-cores",
            Placeholder = "X",
            Explanation = "how much of one of this machine's cores a pod's processes use over time, 0.01 to 64; what takes less than a second of a core is done without a pause",
            Default = options => options.PodLimits.Cores.ToString(CultureInfo.InvariantCulture),
            Apply = (options, text) => options with { PodLimits = options.PodLimits with { Cores = SettingValues.Number(text, 0.01, 64) } },
        };
        yield return Number("pod-recursion", "deepest nesting of shell functions and substitutions, 10 to 1000", 10, 1000, l => l.Recursion, (l, n) => l with { Recursion = n });
        yield return Size("pod-pipe-bytes", "bytes that a pipe or a session holds before its writer waits, 4KiB to 16MiB", 4096, 16 << 20, l => l.PipeBytes, (l, n) => l with { PipeBytes = (int)n });
        yield return Size("pod-process-bytes", "bytes of variables and arguments that a process holds, 1MiB to 1GiB", 1 << 20, 1 << 30, l => l.ProcessBytes, (l, n) => l with { ProcessBytes = n });
        yield return Size("pod-file-bytes", "bytes of the largest file, 1MiB to 64GiB", 1 << 20, 64L << 30, l => l.FileBytes, (l, n) => l with { FileBytes = n });
        yield return Size("pod-layer-bytes", "bytes of a container's own layer, or of an emptyDir without a limit, 1MiB to 64GiB; they are in memory", 1 << 20, 64L << 30, l => l.LayerBytes, (l, n) => l with { LayerBytes = n });
        yield return Size("pod-log-bytes", "bytes of log that a container keeps, 4KiB to 1GiB; the oldest lines go", 4096, 1 << 30, l => l.LogBytes, (l, n) => l with { LogBytes = n });
    }

    private static Setting Number(string name, string explanation, int least, int most, Func<PodLimits, int> read, Func<PodLimits, int, PodLimits> write) => new()
    {
        Group = Group,
        Name = name,
        Placeholder = "N",
        Explanation = explanation,
        Default = options => read(options.PodLimits).ToString(CultureInfo.InvariantCulture),
        Apply = (options, text) => options with { PodLimits = write(options.PodLimits, WholeNumber(text, least, most)) },
    };

    private static Setting Size(string name, string explanation, long least, long most, Func<PodLimits, long> read, Func<PodLimits, long, PodLimits> write) => new()
    {
        Group = Group,
        Name = name,
        Placeholder = "SIZE",
        Explanation = explanation,
        Default = options => SizeText.Write(read(options.PodLimits)),
        Apply = (options, text) => options with { PodLimits = write(options.PodLimits, SettingValues.Size(text, least, most)) },
    };
}
