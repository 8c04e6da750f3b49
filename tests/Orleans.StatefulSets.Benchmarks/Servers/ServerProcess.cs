using System.Diagnostics;

namespace Orleans.StatefulSets.Benchmarks.Servers;

/// <summary>A running server with ports of its own.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private const int PodsPerNode = 110;

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan QuietCpu = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan RestLimit = TimeSpan.FromSeconds(10);

    private readonly ChildProcess process;

    private ServerProcess(ChildProcess process, Uri url)
    {
        this.process = process;
        Url = url;
    }

    public Uri Url { get; }

    /// <summary>From the process's begin to the first 200 of <c>/readyz</c>, in real time, with the grain of the polling (5 ms).</summary>
    public TimeSpan StartTime { get; private set; }

    public TimeSpan Cpu => ProcessUsage.Cpu(process.Id);

    public long ResidentBytes => ProcessUsage.ResidentBytes(process.Id);

    /// <summary>Starts the program and waits until it is ready.</summary>
    /// <param name="trial">The program and its storage.</param>
    /// <param name="data">The data folder.</param>
    /// <param name="pods">How many pods the nodes have to take.</param>
    /// <param name="cancellationToken">Ends the process too.</param>
    public static async Task<ServerProcess> StartAsync(Trial trial, string data, int pods, CancellationToken cancellationToken)
    {
        var ports = FreePorts.Take(3);
        var url = new Uri($"http://127.0.0.1:{ports[0]}");
        var watch = Stopwatch.StartNew();
        var server = new ServerProcess(
            new ChildProcess(
                "dotnet",
                [
                    trial.Program, "--data", data, "--storage", trial.Storage, "--latency", "none", "--nodes", $"{(pods / PodsPerNode) + 1}",
                    "--urls", url.GetLeftPart(UriPartial.Authority), "--silo-port", $"{ports[1]}", "--gateway-port", $"{ports[2]}",
                    .. trial.ConnectionString is { } database ? (string[])["--connection-string", database] : [],
                ]),
            url);
        try
        {
            await server.WaitUntilReadyAsync(watch, cancellationToken);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Waits until the server does next to nothing (one 10 ms tick of CPU in 300 ms), so that what it still does after the last pod is
    /// counted where it belongs.
    /// </summary>
    public async Task RestAsync(CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        using var timer = new PeriodicTimer(Quiet);
        for (var before = Cpu; await timer.WaitForNextTickAsync(cancellationToken); before = Cpu)
        {
            if (Cpu - before <= QuietCpu)
            {
                return;
            }

            if (watch.Elapsed > RestLimit)
            {
                await Console.Error.WriteLineAsync($"  the server is still busy after {RestLimit.TotalSeconds} s without a request");
                return;
            }
        }
    }

    /// <summary>SIGTERM, and waits for the end.</summary>
    /// <exception cref="BenchmarkException">It did not end well.</exception>
    public async Task StopAsync()
    {
        using var limit = new CancellationTokenSource(StopLimit);
        await process.TerminateAsync();
        try
        {
            if (await process.WaitForExitAsync(limit.Token) is not 0 and var code)
            {
                throw new BenchmarkException($"SIGTERM ended the server with {code}:\n{process.Output}");
            }
        }
        catch (OperationCanceledException)
        {
            throw new BenchmarkException($"the server did not end within {StopLimit.TotalSeconds} s of SIGTERM");
        }
    }

    /// <summary>kill -9; what ran is gone at once.</summary>
    public ValueTask KillAsync() => process.DisposeAsync();

    public ValueTask DisposeAsync() => process.DisposeAsync();

    private async Task WaitUntilReadyAsync(Stopwatch watch, CancellationToken cancellationToken)
    {
        using var client = new HttpClient { BaseAddress = Url };
        using var timer = new PeriodicTimer(Poll);
        while (!await IsReadyAsync(client, cancellationToken))
        {
            if (process.HasExited || watch.Elapsed > StartLimit)
            {
                throw new BenchmarkException(
                    $"the server {(process.HasExited ? "ended" : "is not ready")} {watch.Elapsed.TotalSeconds:0} s after its begin\n{process.Output}".Trim());
            }

            await timer.WaitForNextTickAsync(cancellationToken);
        }

        StartTime = watch.Elapsed;
    }

    private static async Task<bool> IsReadyAsync(HttpClient client, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await client.GetAsync("/readyz", cancellationToken);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
