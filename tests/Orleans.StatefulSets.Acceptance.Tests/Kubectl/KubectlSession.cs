using System.Text.Json;

namespace Orleans.StatefulSets.Acceptance.Tests.Kubectl;

/// <summary>One version of kubectl, with a kubeconfig and a home of its own.</summary>
/// <param name="version">The version.</param>
/// <param name="home">A folder.</param>
/// <param name="kubeconfig">A file, or null where there is to be none.</param>
/// <param name="namespace">The namespace of each command; null for the one that the kubeconfig names.</param>
internal sealed class KubectlSession(string version, string home, string? kubeconfig, string? @namespace = null)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private readonly string program = KubectlVersion.Find(version);

    private IReadOnlyDictionary<string, string?> Environment => new Dictionary<string, string?>
    {
        ["KUBECONFIG"] = kubeconfig,
        ["HOME"] = home,
        ["KUBECACHEDIR"] = Path.Combine(home, "cache"),
        ["NO_COLOR"] = "1",
    };

    /// <summary>The same kubectl with a copy of its kubeconfig.</summary>
    /// <param name="folder">Where the copy has its home.</param>
    public KubectlSession Copy(string folder)
    {
        Directory.CreateDirectory(folder);
        var copy = Path.Combine(folder, "kubeconfig");
        File.Copy(kubeconfig!, copy, overwrite: true);
        return new KubectlSession(version, folder, copy);
    }

    /// <summary>Runs a command to its end.</summary>
    /// <param name="command">What stands after <c>kubectl</c>, as one would type it.</param>
    public async Task<KubectlResult> RunAsync(string command)
    {
        await using var process = CapturedProcess.Start(program, Words(command), Environment);
        var exitCode = await process.WaitForExitAsync(Limit);
        return new KubectlResult(process.Command, exitCode, process.Output, process.Errors);
    }

    /// <summary>Runs a command that succeeds.</summary>
    /// <returns>Its output, lines divided by <c>\n</c>.</returns>
    public async Task<string> OutputAsync(string command)
    {
        var result = await RunAsync(command);
        Assert.True(result.ExitCode == 0, result.Describe());
        return string.Join('\n', result.Output);
    }

    /// <summary>Creates an object from a manifest: the newer kubectls' <c>create configmap</c> and the like send protobuf, <c>create -f</c> sends JSON.</summary>
    /// <param name="manifest">YAML or JSON.</param>
    /// <returns>What kubectl printed.</returns>
    public async Task<string> CreateAsync(string manifest)
    {
        var file = Path.Combine(home, $"{Path.GetRandomFileName()}.yaml");
        await File.WriteAllTextAsync(file, manifest);
        return await OutputAsync($"create -f {file}");
    }

    /// <summary>Creates a ConfigMap in the session's namespace.</summary>
    public Task<string> CreateConfigMapAsync(string name, string data = "{}") =>
        CreateAsync($$$"""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"{{{name}}}"},"data":{{{data}}}}""");

    /// <summary>Runs a command that the server refuses.</summary>
    /// <returns>What it printed on standard error.</returns>
    public async Task<string> RefusalAsync(string command)
    {
        var result = await RunAsync(command);
        Assert.True(result.ExitCode == 1, result.Describe());
        return string.Join('\n', result.Errors);
    }

    /// <summary>Runs a <c>get</c> and splits what it prints into cells.</summary>
    public async Task<IReadOnlyList<IReadOnlyList<string>>> TableAsync(string command) =>
        [.. (await OutputAsync(command)).Split('\n').Select(line => line.Split("  ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))];

    /// <summary>Runs a <c>get</c> and reads it as JSON.</summary>
    public async Task<JsonElement> JsonAsync(string command) => JsonDocument.Parse(await OutputAsync($"{command} -o json")).RootElement;

    /// <summary>A terminal in which this kubectl can be typed.</summary>
    public Task<TypedTerminal> OpenTerminalAsync() => TypedTerminal.OpenAsync(program, home, Environment);

    /// <summary>Starts <c>get … -w</c> in the background; returns when the server has accepted the watch.</summary>
    public async Task<KubectlWatch> WatchAsync(string command)
    {
        var process = CapturedProcess.Start(program, [.. Words(command), "-v=6"], Environment);
        var watch = new KubectlWatch(process);
        await watch.WaitUntilEstablishedAsync();
        return watch;
    }

    private IReadOnlyList<string> Words(string command) =>
        @namespace is null ? CommandWords.Split(command) : [$"--namespace={@namespace}", .. CommandWords.Split(command)];
}

/// <summary>What a command did.</summary>
internal sealed record KubectlResult(string Command, int ExitCode, IReadOnlyList<string> Output, IReadOnlyList<string> Errors)
{
    public string Describe() => $"$ {Command}\n{string.Join('\n', Output)}\n{string.Join('\n', Errors)}\nexit code {ExitCode}";
}
