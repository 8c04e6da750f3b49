namespace Orleans.StatefulSets.Acceptance.Tests.Servers;

/// <summary>
/// One server for all tests that do no harm to it, started by the first of them. It has a small real cluster's latencies at ten times
/// their speed: every state of a pod lasts long enough to be seen, and a pod is there within half a second.
/// </summary>
public sealed class SharedServer : IAsyncLifetime
{
    private readonly Lazy<Task<ServerProcess>> server = new(() => ServerProcess.StartAsync("--latency", "realistic", "--speed", "10"));

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (server.IsValueCreated && server.Value.IsCompletedSuccessfully)
        {
            await (await server.Value).DisposeAsync();
        }
    }

    internal Task<ServerProcess> StartedAsync() => server.Value;

    /// <summary>A kubectl in a new namespace of the shared server.</summary>
    internal async Task<Kubectl.KubectlSession> OpenAsync(string version) => await (await server.Value).OpenAsync(version);
}
