using System.Collections.Concurrent;
using Orleans.StatefulSets.Server.Tests.Samples;

namespace Orleans.StatefulSets.Server.Tests.Fuzzing;

/// <summary>Sends the requests of one seed over many connections and keeps what went wrong.</summary>
internal sealed class FuzzRun(int port, IReadOnlyList<ServedKind> kinds, int seed)
{
    private const int Connections = 48;
    private const int MostFindings = 40;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly ConcurrentDictionary<int, int> codes = new();
    private readonly ConcurrentDictionary<string, string> findings = new();
    private int left;
    private int unanswered;

    /// <summary>How many answers there were of each code.</summary>
    public IReadOnlyDictionary<int, int> Codes => codes;

    /// <summary>Violations, one of each sort, with the request that showed it.</summary>
    public IReadOnlyCollection<string> Findings => [.. findings.Values];

    /// <summary>How many connections were closed instead of an answer.</summary>
    public int Unanswered => unanswered;

    public Task SendAsync(int requests)
    {
        left = requests;
        return Task.WhenAll(Enumerable.Range(0, Connections).Select(worker => Task.Run(() => WorkAsync(worker))));
    }

    private async Task WorkAsync(int worker)
    {
        using var connection = new RawConnection(port);
        var generator = new RequestGenerator(kinds, (seed * 1_000) + (worker * 10));
        while (Interlocked.Decrement(ref left) >= 0)
        {
            await SendAsync(connection, generator.Next());
        }
    }

    private async Task SendAsync(RawConnection connection, FuzzRequest request)
    {
        using var deadline = new CancellationTokenSource(request.IsWatch ? Patience + TimeSpan.FromSeconds(1) : Patience);
        try
        {
            if (request.IsCutShort)
            {
                await connection.AbandonAsync(request.Bytes.AsMemory(0, request.Bytes.Length - 10), deadline.Token);
                return;
            }

            Judge(request, await connection.AskAsync(request.Bytes, request.Method == "HEAD", request.IsLeft, deadline.Token));
        }
        catch (OperationCanceledException)
        {
            Found("no answer in its deadline", request, null);
        }
    }

    private void Judge(FuzzRequest request, RawAnswer? answer)
    {
        if (answer is null)
        {
            Interlocked.Increment(ref unanswered);
            Found("the connection was closed instead of an answer", request, answer);
            return;
        }

        codes.AddOrUpdate(answer.Code, 1, (_, count) => count + 1);
        if (AnswerRules.Violation(request, answer) is { } violation)
        {
            Found(violation, request, answer);
        }
    }

    private void Found(string what, FuzzRequest request, RawAnswer? answer)
    {
        var plural = kinds.FirstOrDefault(kind => request.Target.Contains($"/{kind.Plural}", StringComparison.Ordinal))?.Plural;
        if (findings.Count < MostFindings)
        {
            var said = answer is null ? "" : System.Text.Encoding.UTF8.GetString(answer.Body.AsSpan(0, Math.Min(answer.Body.Length, 600)));
            findings.TryAdd($"{what} {request.Method} {(what.Length > 15 ? plural : "")}", $"== {what}\n{request}\n-- {said}\n");
        }
    }
}
