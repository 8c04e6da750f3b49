using System.Net;
using Orleans.StatefulSets.Storage.Tests.Postgres;

namespace Orleans.StatefulSets.Acceptance.Tests.Servers.Network;

/// <summary>
/// The network of a cluster whose silos know each other, and the database, by addresses of proxies only. A silo says that it is at an address
/// of loopback where its proxy listens, and listens itself on the same ports of another one.
/// </summary>
internal sealed class SiloNetwork : IAsyncDisposable
{
    public const string Advertised = "127.0.0.2";
    public const string Listening = "127.0.0.1";

    private const int Nobody = -1;
    private readonly TcpProxy database;
    private readonly Func<IReadOnlyList<int>> processes;
    private readonly List<(TcpProxy Silo, TcpProxy Gateway)> silos = [];

    /// <param name="postgres">The database.</param>
    /// <param name="processes">The processes of the silos, by their numbers.</param>
    public SiloNetwork(PostgresServer postgres, Func<IReadOnlyList<int>> processes)
    {
        this.processes = processes;
        database = new TcpProxy(new IPEndPoint(IPAddress.Loopback, 0), new IPEndPoint(IPAddress.Loopback, postgres.Port), SourceOf);
    }

    /// <summary>The port at which silos find the database.</summary>
    public int DatabasePort => database.Port;

    /// <summary>Puts proxies before a silo that is going to be started as the next.</summary>
    /// <returns>The options by which it takes its place behind them.</returns>
    public IReadOnlyList<string> Add()
    {
        var ports = FreePorts.Take(2);
        var (silo, gateway) = (Before(ports[0]), Before(ports[1]));
        silos.Add((silo, gateway));
        return ["--silo-address", Advertised, "--silo-listen", Listening, "--silo-port", $"{silo.Port}", "--gateway-port", $"{gateway.Port}"];
    }

    /// <summary>Two silos can't reach each other; whoever reaches both goes on doing so.</summary>
    public void Part(int one, int other, Passage passage)
    {
        silos[one].Silo.Set(other, passage);
        silos[other].Silo.Set(one, passage);
    }

    /// <summary>A silo reaches no other one, nor does any reach it.</summary>
    public void Isolate(int silo, Passage passage)
    {
        foreach (var other in Enumerable.Range(0, silos.Count).Where(other => other != silo))
        {
            Part(silo, other, passage);
        }
    }

    /// <summary>How the database is reached by all.</summary>
    public void Database(Passage passage) => database.Set(passage);

    /// <summary>All is well again.</summary>
    public void Heal()
    {
        database.Heal();
        silos.ForEach(proxies => proxies.Silo.Heal());
    }

    public async ValueTask DisposeAsync()
    {
        await database.DisposeAsync();
        foreach (var (silo, gateway) in silos)
        {
            await silo.DisposeAsync();
            await gateway.DisposeAsync();
        }
    }

    private TcpProxy Before(int port) => new(new IPEndPoint(IPAddress.Parse(Advertised), port), new IPEndPoint(IPAddress.Parse(Listening), port), SourceOf);

    private int SourceOf(IPEndPoint own, IPEndPoint peer)
    {
        var running = processes();
        var found = OperatingSystem.IsLinux() ? SocketOwner.Find(own, peer, running) : null;
        return found is { } process ? running.ToList().IndexOf(process) : Nobody;
    }
}
