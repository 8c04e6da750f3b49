using Orleans.StatefulSets.Workloads.Files;
using Orleans.StatefulSets.Workloads.Programs;
using Orleans.StatefulSets.Workloads.Programs.Packages;
using Orleans.StatefulSets.Workloads.Programs.Shell;

namespace Orleans.StatefulSets.Workloads.Images;

/// <summary>What images are built on: a shell, its tools, and the files that tell the distributions apart.</summary>
public static class StandardImages
{
    /// <summary>The search path of most images.</summary>
    public const string Path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private static readonly ProgramCatalog Plain = new(ShellPrograms.All.Concat(ToolPrograms.All));
    private static readonly Lazy<ImageTree> BusyboxFiles = new(() => BaseImage.Of(Plain.Names));
    private static readonly Lazy<ImageTree> AlpineFiles = new(() => Distribution("alpine", "Alpine Linux", "3.20.3", "Alpine Linux v3.20", "/sbin/apk", "apk").File("/etc/alpine-release", "3.20.3\n").Build());
    private static readonly Lazy<ImageTree> DebianFiles = new(() => WithBash("debian", "Debian GNU/Linux", "12", "Debian GNU/Linux 12 (bookworm)", "apt-get").Build());

    /// <summary>The programs of all of them.</summary>
    public static ProgramCatalog Programs { get; } = new([new ApkProgram(), new AptProgram(), new EnvsubstProgram()], Plain);

    /// <summary>busybox's files.</summary>
    public static ImageTree Busybox => BusyboxFiles.Value;

    /// <summary>Alpine's files.</summary>
    public static ImageTree Alpine => AlpineFiles.Value;

    /// <summary>Debian's files, with <c>bash</c> as a name of the shell.</summary>
    public static ImageTree Debian => DebianFiles.Value;

    /// <summary>The environment of most images.</summary>
    public static IReadOnlyDictionary<string, string> Environment { get; } = With();

    /// <summary>The same with more variables.</summary>
    public static IReadOnlyDictionary<string, string> With(params (string Name, string Value)[] variables)
    {
        var all = new Dictionary<string, string>(StringComparer.Ordinal) { ["PATH"] = Path };
        foreach (var (name, value) in variables)
        {
            all[name] = value;
        }

        return all;
    }

    internal static ImageBuilder WithBash(string id, string name, string version, string pretty, string? installer)
    {
        var image = Distribution(id, name, version, pretty, installer is null ? null : $"/usr/bin/{installer}", installer).Program("/bin/bash", "sh").Program("/usr/bin/bash", "sh");
        return installer is null ? image : image.Program("/usr/bin/apt", installer);
    }

    private static ImageBuilder Distribution(string id, string name, string version, string pretty, string? installerPath, string? installer)
    {
        var image = new ImageBuilder(Busybox).File("/etc/os-release", $"NAME=\"{name}\"\nID={id}\nVERSION_ID=\"{version}\"\nPRETTY_NAME=\"{pretty}\"\n");
        return installerPath is null ? image : image.Program(installerPath, installer!);
    }
}
