using System.Diagnostics;
using System.Net;
using Orleans.StatefulSets.Acceptance.Tests.Servers;

namespace Orleans.StatefulSets.Acceptance.Tests.Clusters;

/// <summary>A client that writes through one silo, again and again, and reads what it wrote; it remembers what was acknowledged, and what was refused.</summary>
internal sealed class SteadyWriter : IAsyncDisposable
{
    private const string Maps = "/api/v1/namespaces/default/configmaps";
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private readonly ServerProcess server;
    private readonly string name;
    private readonly CancellationTokenSource ending = new();
    private readonly List<string> acknowledged = [];
    private readonly List<string> failures = [];
    private readonly List<(long Begun, long Answered)> times = [];
    private readonly Task writing;

    /// <param name="server">Through whom it writes.</param>
    /// <param name="name">How the objects that it makes begin; nobody else's do.</param>
    public SteadyWriter(ServerProcess server, string name)
    {
        (this.server, this.name) = (server, name);
        writing = WriteAsync();
    }

    /// <summary>What was answered with success. To be read when it has stopped.</summary>
    public IReadOnlyList<string> Acknowledged => acknowledged;

    /// <summary>What was not. To be read when it has stopped.</summary>
    public IReadOnlyList<string> Failures => failures;

    /// <summary>
    /// How long it was kept waiting at most since a moment: from then on, or from a later write, to the answer of the read that followed the
    /// write. To be read when it has stopped.
    /// </summary>
    /// <param name="moment">A timestamp of <see cref="Stopwatch"/>.</param>
    public TimeSpan LongestSince(long moment) =>
        times.Where(time => time.Answered >= moment).Select(time => Stopwatch.GetElapsedTime(Math.Max(time.Begun, moment), time.Answered)).DefaultIfEmpty(TimeSpan.MaxValue).Max();

    /// <summary>What it began is answered, or has failed.</summary>
    public async Task StopAsync()
    {
        await ending.CancelAsync();
        await writing;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        ending.Dispose();
    }

    private async Task WriteAsync()
    {
        using var pause = new PeriodicTimer(Pause);
        for (var number = 0; !ending.IsCancellationRequested; number++)
        {
            var begun = Stopwatch.GetTimestamp();
            await WriteAsync($"{name}-{number}");
            times.Add((begun, Stopwatch.GetTimestamp()));
            await pause.WaitForNextTickAsync();
        }
    }

    private async Task WriteAsync(string map)
    {
        using var body = new StringContent($$$"""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"{{{map}}}"}}""", null, "application/json");
        try
        {
            using var written = await server.Client.PostAsync(Maps, body);
            if (written.StatusCode != HttpStatusCode.Created)
            {
                failures.Add($"{map}: {written.StatusCode} {await written.Content.ReadAsStringAsync()}");
                return;
            }

            acknowledged.Add(map);
            using var read = await server.Client.GetAsync($"{Maps}/{map}");
            if (read.StatusCode != HttpStatusCode.OK)
            {
                failures.Add($"{map}: it was written, and read with {read.StatusCode} {await read.Content.ReadAsStringAsync()}");
            }
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException or OperationCanceledException)
        {
            failures.Add($"{map}: {failure.Message}");
        }
    }
}
