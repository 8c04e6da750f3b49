using System.Reflection;
using Orleans.StatefulSets.Acceptance.Tests.Servers;

namespace Orleans.StatefulSets.Acceptance.Tests.Clients;

/// <summary>
/// The official Python and JavaScript clients, as their users use them: each part of a scenario is a script beside this file, run with the
/// kubeconfig that the server wrote. It asserts for itself, prints a line for each thing that it has proven, and fails with an exit code.
/// </summary>
[Collection(ClientsCollection.Name)]
public sealed class ScriptTests(ForgetfulServer forgetful)
{
    private const string Proven = "ok: ";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private static readonly string Folder = typeof(ScriptTests).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "ClientScripts").Value!;

    public static TheoryData<string> Parts => ["informer", "inside", "patches", "scale", "eviction", "expiry", "bodies"];

    [SkippableTheory]
    [MemberData(nameof(Parts))]
    public async Task The_Python_client_finds_what_it_expects(string part)
    {
        // The distribution's own: its packages are not those of another python3 on PATH.
        const string Python = "/usr/bin/python3";
        Requirement.Of(File.Exists(Python) && await EndsWellAsync(Python, "-c", "import kubernetes"), "the distribution's package python3-kubernetes");

        await RunAsync(Python, "python/scenario.py", part);
    }

    [SkippableTheory]
    [MemberData(nameof(Parts))]
    public async Task The_JavaScript_client_finds_what_it_expects(string part)
    {
        Requirement.Of(IsOnPath("node"), "node");
        Requirement.Of(
            Directory.Exists(Path.Combine(Folder, "javascript", "node_modules", "@kubernetes", "client-node")),
            "@kubernetes/client-node (npm ci --prefix tests/Orleans.StatefulSets.Acceptance.Tests/Clients/javascript)");

        await RunAsync("node", "javascript/scenario.js", part);
    }

    private async Task RunAsync(string program, string script, string part)
    {
        var server = await forgetful.StartedAsync();
        var environment = new Dictionary<string, string?> { ["KUBECONFIG"] = server.Kubeconfig, ["PYTHONDONTWRITEBYTECODE"] = "1" };
        await using var process = CapturedProcess.Start(program, [Path.Combine(Folder, script), part], environment);

        var exitCode = await process.WaitForExitAsync(Limit);

        Assert.True(exitCode == 0, $"{process.Describe()}\nexit code {exitCode}");
        Assert.NotEmpty(process.Output);
        Assert.All(process.Output, line => Assert.StartsWith(Proven, line, StringComparison.Ordinal));
    }

    private static async Task<bool> EndsWellAsync(string program, params string[] arguments)
    {
        await using var process = CapturedProcess.Start(program, arguments, new Dictionary<string, string?>());
        return await process.WaitForExitAsync(Limit) == 0;
    }

    private static bool IsOnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Any(folder => File.Exists(Path.Combine(folder, program)));
}
