using Orleans.StatefulSets.Workloads.Processes;

namespace Orleans.StatefulSets.Workloads.Programs.Packages;

/// <summary>apt-get and apt: know what is there, and can't reach what is not.</summary>
internal sealed class AptProgram : IProgram
{
    private const string Lists = """
        Reading package lists...
        Building dependency tree...
        Reading state information...

        """;

    public IReadOnlyList<string> Names { get; } = ["apt-get", "apt"];

    public async ValueTask<int> RunAsync(Process process)
    {
        var words = process.Arguments.Skip(1).Where(argument => !argument.StartsWith('-')).ToList();
        switch (words.FirstOrDefault())
        {
            case "update":
                await UpdateAsync(process);
                return 0;
            case "install":
                return await InstallAsync(process, words[1..]);
            case "clean" or "autoclean":
                return 0;
            case "upgrade" or "dist-upgrade" or "autoremove" or "remove" or "purge":
                await process.PrintAsync(Lists + "0 upgraded, 0 newly installed, 0 to remove and 0 not upgraded.\n");
                return 0;
            default:
                await process.PrintAsync("apt 2.6.1 (amd64)\nUsage: apt-get [options] command\n");
                return words.Count == 0 ? 1 : 100;
        }
    }

    private static async ValueTask<int> InstallAsync(Process process, List<string> packages)
    {
        await process.PrintAsync(Lists);
        var missing = packages.Where(package => !Packages.Has(process, package)).ToList();
        foreach (var package in missing)
        {
            await process.ComplainAsync($"E: Unable to locate package {package}\n");
        }

        if (missing.Count > 0)
        {
            return 100;
        }

        await process.PrintAsync(string.Concat(packages.Select(package => $"{package} is already the newest version.\n")) + "0 upgraded, 0 newly installed, 0 to remove and 0 not upgraded.\n");
        return 0;
    }

    private static async ValueTask UpdateAsync(Process process)
    {
        var names = new[] { "bookworm", "bookworm-updates" };
        for (var index = 0; index < names.Length; index++)
        {
            await process.PrintAsync($"Err:{index + 1} http://deb.debian.org/debian {names[index]} InRelease\n  Temporary failure resolving 'deb.debian.org'\n");
        }

        await process.PrintAsync("Reading package lists...\n");
        foreach (var name in names)
        {
            await process.ComplainAsync($"W: Failed to fetch http://deb.debian.org/debian/dists/{name}/InRelease  Temporary failure resolving 'deb.debian.org'\n");
        }

        await process.ComplainAsync("W: Some index files failed to download. They have been ignored, or old ones used instead.\n");
    }
}
