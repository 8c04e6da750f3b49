using System.Collections.Concurrent;
using Orleans.StatefulSets.Resources.Errors;
using Orleans.StatefulSets.Resources.Objects;
using Orleans.StatefulSets.Workloads.Processes;

namespace Orleans.StatefulSets.Grains.Streaming;

/// <summary>
/// The streams into the pods of this silo's nodes, by name. Whoever holds one on the same silo uses it directly; from elsewhere it is used
/// through the node's grain. A stream that nobody asked for a minute has lost its holder and is closed.
/// </summary>
internal sealed class NodeStreams(IIdentitySource identities, TimeProvider wall) : IDisposable
{
    private const int MostStreams = 20_000;
    private static readonly TimeSpan Abandoned = TimeSpan.FromSeconds(60);

    private readonly ConcurrentDictionary<string, NodeStream> streams = new(StringComparer.Ordinal);
    private readonly Lock gate = new();
    private ITimer? looking;

    /// <summary>How many there are.</summary>
    public int Count => streams.Count;

    /// <summary>How many of them are clients' own: processes, and connections that no pod made.</summary>
    public int OfClients => streams.Values.Count(stream => stream is ProcessStream or ConnectionStream { IsOfClient: true });

    /// <summary>Keeps a stream.</summary>
    /// <returns>Its name.</returns>
    /// <exception cref="ApiException">429: too many.</exception>
    public string Add(NodeStream stream)
    {
        if (streams.Count >= MostStreams)
        {
            stream.CloseAsync().Ignore();
            throw ApiErrors.TooManyRequests("too many streams into the pods of this node, please try again later", 1);
        }

        stream.UsedAt = wall.GetTimestamp();
        var name = identities.NewUid();
        streams[name] = stream;
        Look();
        return name;
    }

    /// <summary>The stream of a name; null where there is none here (any more).</summary>
    public NodeStream? Find(string name)
    {
        if (!streams.TryGetValue(name, out var stream))
        {
            return null;
        }

        stream.UsedAt = wall.GetTimestamp();
        return stream;
    }

    /// <summary>A connection of that name, which from now on is its holder's alone; null where it is not here.</summary>
    public IOpenFile? Take(string name) => streams.TryRemove(name, out var stream) ? (stream as ConnectionStream)?.Connection : null;

    /// <summary>Closes a stream.</summary>
    public Task CloseAsync(string name) => streams.TryRemove(name, out var stream) ? stream.CloseAsync() : Task.CompletedTask;

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (gate)
        {
            looking?.Dispose();
        }
    }

    // While there are streams it is looked now and then whether somebody still holds them; where there are none nothing waits.
    private void Look()
    {
        lock (gate)
        {
            looking ??= wall.CreateTimer(static streams => ((NodeStreams)streams!).LookForAbandoned(), this, Abandoned, Timeout.InfiniteTimeSpan);
        }
    }

    private void LookForAbandoned()
    {
        foreach (var (name, stream) in streams)
        {
            if (!stream.IsHeldHere && wall.GetElapsedTime(stream.UsedAt) > Abandoned)
            {
                CloseAsync(name).Ignore();
            }
        }

        lock (gate)
        {
            looking?.Dispose();
            looking = null;
        }

        if (!streams.IsEmpty)
        {
            Look();
        }
    }
}
