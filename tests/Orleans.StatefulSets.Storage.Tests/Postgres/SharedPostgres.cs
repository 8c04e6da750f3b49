using Orleans.StatefulSets.Acceptance.Tests;

namespace Orleans.StatefulSets.Storage.Tests.Postgres;

/// <summary>One server for all tests that do it no harm, started by the first of them; each test has a database of its own.</summary>
public sealed class SharedPostgres : IAsyncLifetime
{
    private readonly Lazy<Task<PostgresServer>> server = new(PostgresServer.StartAsync);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (server.IsValueCreated && server.Value.IsCompletedSuccessfully)
        {
            await (await server.Value).DisposeAsync();
        }
    }

    internal Task<PostgresServer> StartedAsync()
    {
        Requirement.Of(PostgresServer.IsInstalled, "PostgreSQL's server programs (initdb, pg_ctl)");
        return server.Value;
    }
}

/// <summary>The tests that share the server, one after another.</summary>
[CollectionDefinition(Name)]
public sealed class PostgresCollection : ICollectionFixture<SharedPostgres>
{
    public const string Name = "PostgreSQL";
}
