using Orleans.StatefulSets.Workloads.Processes;

namespace Orleans.StatefulSets.Workloads.Programs.Packages;

/// <summary>apk: knows what is there, and can't reach what is not; the cluster's network leads nowhere outside.</summary>
internal sealed class ApkProgram : IProgram
{
    private const string Repository = "https://dl-cdn.alpinelinux.org/alpine/v3.20";

    public IReadOnlyList<string> Names { get; } = ["apk"];

    public async ValueTask<int> RunAsync(Process process)
    {
        var words = process.Arguments.Skip(1).Where(argument => !argument.StartsWith('-')).ToList();
        var missing = words.Skip(1).Where(package => !Packages.Has(process, package)).Order(StringComparer.Ordinal).ToList();
        switch (words.FirstOrDefault())
        {
            case "add" when words.Count > 1 && missing.Count == 0:
                await process.PrintAsync("OK: 8 MiB in 14 packages\n");
                return 0;
            case "add":
                await FetchAsync(process);
                await process.ComplainAsync("ERROR: unable to select packages:\n");
                foreach (var package in missing)
                {
                    await process.ComplainAsync($"  {package} (no such package):\n    required by: world[{package}]\n");
                }

                return missing.Count;
            case "update":
                await FetchAsync(process);
                await process.PrintAsync("2 unavailable, 0 stale; 14 distinct packages available\n");
                return 2;
            case "del" or "upgrade" or "info" or "fix" or "cache":
                await process.PrintAsync("OK: 8 MiB in 14 packages\n");
                return 0;
            default:
                await process.ComplainAsync("apk-tools 2.14.4, compiled for x86_64.\n\nusage: apk [<OPTIONS>...] COMMAND [<ARGUMENTS>...]\n");
                return 1;
        }
    }

    private static async ValueTask FetchAsync(Process process)
    {
        foreach (var part in new[] { "main", "community" })
        {
            await process.PrintAsync($"fetch {Repository}/{part}/x86_64/APKINDEX.tar.gz\n");
            await process.ComplainAsync($"WARNING: updating and opening {Repository}/{part}: temporary error (try again later)\n");
        }
    }
}
