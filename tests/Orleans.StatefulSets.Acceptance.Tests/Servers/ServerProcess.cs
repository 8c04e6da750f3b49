using System.Reflection;
using Orleans.StatefulSets.Acceptance.Tests.Kubectl;

namespace Orleans.StatefulSets.Acceptance.Tests.Servers;

/// <summary>The server program in a process of its own, with a data folder and ports of its own: as it was built, or the published one that <c>SERVER_PROGRAM</c> names.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(30);
    private static readonly string Program = Environment.GetEnvironmentVariable("SERVER_PROGRAM") is { Length: > 0 } named ? named : typeof(ServerProcess).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "ServerProgram").Value!;

    private readonly DirectoryInfo folder;
    private readonly IReadOnlyList<string> arguments;
    private readonly IReadOnlyList<string> before;
    private CapturedProcess process;

    private ServerProcess(DirectoryInfo folder, SmallDisk? disk, int port, IReadOnlyList<string> arguments)
    {
        this.folder = folder;
        this.arguments = arguments;
        before = disk?.Before ?? [];
        DataDirectory = disk?.PathFromHere ?? DataOf(folder);
        Url = new Uri($"http://127.0.0.1:{port}");
        Client = new HttpClient { BaseAddress = Url, Timeout = TimeSpan.FromSeconds(30) };
        process = Launch(arguments, before);
    }

    public Uri Url { get; }

    /// <summary>The process that runs now.</summary>
    public int ProcessId => process.Id;

    public HttpClient Client { get; }

    /// <summary>The data folder, as the test reaches it.</summary>
    public string DataDirectory { get; }

    public string Kubeconfig => Path.Combine(DataDirectory, "kubeconfig");

    public IReadOnlyList<string> Output => process.Output;

    public IReadOnlyList<string> Errors => process.Errors;

    /// <summary>Runs the program as it is, for command lines that it refuses. Ends it by its id.</summary>
    public static CapturedProcess Launch(IEnumerable<string> arguments, params IEnumerable<string> before)
    {
        var words = (string[])[.. before, "dotnet", Program, .. arguments];
        return CapturedProcess.Start(words[0], words[1..], new Dictionary<string, string?> { ["NO_COLOR"] = "1", ["DOTNET_ENVIRONMENT"] = null });
    }

    /// <summary>Runs the program without arguments, as a container does: all that it is told stands in its environment.</summary>
    public static CapturedProcess LaunchIn(IReadOnlyDictionary<string, string?> environment) => CapturedProcess.Start("dotnet", [Program], environment);

    /// <summary>Starts the program and waits until it says that it is ready.</summary>
    /// <param name="options">Options besides the address, the ports and the folder.</param>
    public static Task<ServerProcess> StartAsync(params IEnumerable<string> options) => StartOnAsync(null, options);

    /// <summary>Starts the program on a port of the caller's choice, or a free one, and waits until it says that it is ready.</summary>
    public static Task<ServerProcess> StartOnAsync(int? apiPort, params IEnumerable<string> options) => StartAsync(null, apiPort, options);

    /// <summary>Starts the program with its data on a small disk, and waits until it says that it is ready.</summary>
    public static Task<ServerProcess> StartOnAsync(SmallDisk disk) => StartAsync(disk, null, []);

    private static async Task<ServerProcess> StartAsync(SmallDisk? disk, int? apiPort, IEnumerable<string> options)
    {
        var folder = Directory.CreateTempSubdirectory("statefulsets-");
        var free = FreePorts.Take(3);
        var port = apiPort ?? free[0];
        var given = options.ToList();
        var silo = given.Contains("--silo-port") ? (string[])[] : ["--silo-port", $"{free[1]}", "--gateway-port", $"{free[2]}"];
        var server = new ServerProcess(
            folder, disk, port, ["--urls", $"http://127.0.0.1:{port}", "--data", disk?.Path ?? DataOf(folder), .. silo, .. given]);
        try
        {
            await server.WaitUntilReadyAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>SIGTERM; the program ends with exit code 0 and without a complaint.</summary>
    public async Task StopAsync()
    {
        await process.TerminateAsync();
        var exitCode = await process.WaitForExitAsync(StopLimit);
        Assert.True(exitCode == 0, $"SIGTERM ended it with {exitCode}.\n{process.Describe()}");
        Assert.Empty(process.Errors);
    }

    /// <summary>SIGTERM; the program ends in its time, whatever it has to say.</summary>
    public async Task LeaveAsync()
    {
        await process.TerminateAsync();
        await process.WaitForExitAsync(StopLimit);
    }

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync(StopLimit);
    }

    /// <summary>The machine stands still: nothing is answered, nothing is lost.</summary>
    public Task PauseAsync() => process.SignalAsync("STOP");

    /// <summary>It goes on where it stood.</summary>
    public Task ContinueAsync() => process.SignalAsync("CONT");

    /// <summary>Whether the program has ended.</summary>
    public bool HasExited => process.HasExited;

    /// <summary>Starts the program again on the same folder and ports.</summary>
    public async Task RestartAsync()
    {
        await process.DisposeAsync();
        process = Launch(arguments, before);
        await WaitUntilReadyAsync();
    }

    /// <summary>A kubectl for this server, in a new namespace, so that tests that share a server do not meet.</summary>
    public async Task<KubectlSession> OpenAsync(string version)
    {
        var session = Directory.CreateDirectory(Path.Combine(folder.FullName, "sessions", Path.GetRandomFileName()));
        var kubeconfig = Path.Combine(session.FullName, "kubeconfig");
        var name = "test-" + session.Name.Replace('.', '-');
        var kubectl = new KubectlSession(version, session.FullName, kubeconfig);
        File.Copy(Kubeconfig, kubeconfig);
        await kubectl.CreateAsync($$$"""{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"{{{name}}}"}}""");
        await kubectl.OutputAsync($"config set-context --current --namespace={name}");
        return kubectl;
    }

    /// <summary>A kubectl for this server that works in a namespace, which is there or will be.</summary>
    public KubectlSession Open(string version, string @namespace) => new(version, folder.FullName, Kubeconfig, @namespace);

    public string Describe() => process.Describe();

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await process.DisposeAsync();
        folder.Delete(recursive: true);
    }

    private static string DataOf(DirectoryInfo folder) => Path.Combine(folder.FullName, "data");

    /// <summary>Whether it says that it is ready; who does not answer is not.</summary>
    public async Task<bool> IsReadyAsync()
    {
        try
        {
            using var response = await Client.GetAsync("/readyz");
            return response.IsSuccessStatusCode;
        }
        catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException)
        {
            return false;
        }
    }

    private Task WaitUntilReadyAsync() => Deadline.WaitAsync(StartLimit, HasStartedAsync, () => $"it is not ready.\n{process.Describe()}");

    private async Task<bool> HasStartedAsync()
    {
        Assert.False(process.HasExited, $"It ended before it was ready.\n{process.Describe()}");
        return await IsReadyAsync() && (File.Exists(Kubeconfig) || arguments.Contains("silo"));
    }
}
