using System.Text.Json;

namespace Orleans.StatefulSets.Benchmarks.Cluster;

/// <summary>A watch of the one set: progress that costs the server no request.</summary>
internal sealed class SetWatch(StreamReader reader) : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    /// <summary>Reads on until all replicas are Ready.</summary>
    public Task UntilReadyAsync(int replicas, CancellationToken cancellationToken) => UntilAsync("readyReplicas", replicas, cancellationToken);

    /// <summary>Reads on until no pod is left.</summary>
    public Task UntilEmptyAsync(CancellationToken cancellationToken) => UntilAsync("replicas", 0, cancellationToken);

    public void Dispose() => reader.Dispose();

    private async Task UntilAsync(string field, int wanted, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        int? last = null;
        try
        {
            while (last != wanted)
            {
                var line = await reader.ReadLineAsync(limit.Token)
                    ?? throw new BenchmarkException($"the server ended the watch of the set at status.{field} = {last}, short of {wanted}");
                last = Read(line, field) ?? last;
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new BenchmarkException($"status.{field} is {last} after {Limit.TotalMinutes} minutes, not {wanted}");
        }
    }

    private static int? Read(string line, string field)
    {
        using var change = JsonDocument.Parse(line);
        var root = change.RootElement;
        if (root.GetProperty("type").GetString() is not ("ADDED" or "MODIFIED"))
        {
            throw new BenchmarkException($"the watch of the set says: {line}");
        }

        // The API leaves a zero of readyReplicas out.
        return root.GetProperty("object").TryGetProperty("status", out var status)
            ? status.TryGetProperty(field, out var value) ? value.GetInt32() : 0
            : null;
    }
}
