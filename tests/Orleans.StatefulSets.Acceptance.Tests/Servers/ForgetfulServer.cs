namespace Orleans.StatefulSets.Acceptance.Tests.Servers;

/// <summary>
/// One server for the scenarios of client libraries, started by the first of them. It remembers no more than a mebibyte of changes, so
/// that a watch can come too late without hours of waiting.
/// </summary>
public sealed class ForgetfulServer : IAsyncLifetime
{
    private readonly Lazy<Task<ServerProcess>> server = new(() => ServerProcess.StartAsync(
        "--storage", "memory", "--latency", "realistic", "--speed", "10", "--ring-bytes", "1MiB"));

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (server.IsValueCreated && server.Value.IsCompletedSuccessfully)
        {
            await (await server.Value).DisposeAsync();
        }
    }

    internal Task<ServerProcess> StartedAsync() => server.Value;
}
