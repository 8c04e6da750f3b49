namespace Orleans.StatefulSets.Acceptance.Tests.Kubectl;

/// <summary>
/// <c>kubectl get pods -w</c> in the background. Its lines are compared without their ages, and each line is compared once:
/// what one check has seen, the next no longer sees.
/// </summary>
internal sealed class KubectlWatch(CapturedProcess process) : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(400);
    private int seen;

    /// <summary>All lines but the header as <c>web-0 1/1 Running 0</c>.</summary>
    public IReadOnlyList<string> All => [.. process.Output.Where(line => !IsHeader(line)).Select(WithoutAge)];

    private IReadOnlyList<string> Unseen => [.. All.Skip(seen)];

    /// <summary>Waits until the server has accepted the watch: from here on nothing is missed.</summary>
    public Task WaitUntilEstablishedAsync() => Deadline.WaitAsync(
        Limit,
        () => process.Errors.Any(line => line.Contains("watch=true", StringComparison.Ordinal) && line.Contains("200 OK", StringComparison.Ordinal)),
        () => $"no watch was accepted.\n{process.Describe()}");

    /// <summary>Checks that exactly these lines come, in this order, and then nothing more.</summary>
    public async Task ShowsAsync(params IEnumerable<string> lines)
    {
        var expected = lines.ToList();
        Assert.Equal(expected, await TakeAsync(expected.Count));
    }

    /// <summary>Checks that exactly these lines come for each pod, in this order for each, and then nothing more.</summary>
    /// <returns>The lines of all pods, in the order in which they came.</returns>
    public async Task<IReadOnlyList<string>> ShowsInterleavedAsync(params IEnumerable<IEnumerable<string>> podLives)
    {
        var expected = podLives.SelectMany(life => life).ToList();
        var taken = await TakeAsync(expected.Count);
        Assert.Equal(ByPod(expected), ByPod(taken));
        return taken;
    }

    /// <summary>Waits until a line has come that was not compared yet; the next check still sees it.</summary>
    public Task WaitForLineAsync(string line) =>
        Deadline.WaitAsync(Limit, () => Unseen.Contains(line), () => $"'{line}' did not come.\n{process.Describe()}");

    public async ValueTask DisposeAsync()
    {
        await process.DisposeAsync();
        Assert.True(process.Output.Count(IsHeader) <= 1, $"more than one header.\n{process.Describe()}");
    }

    private async Task<IReadOnlyList<string>> TakeAsync(int count)
    {
        await Deadline.WaitAsync(
            Limit,
            () => Unseen.Count >= count || process.HasExited,
            () => $"{Unseen.Count} of {count} lines came.\n{process.Describe()}");
        await Deadline.WaitForQuietAsync(Quiet, () => Unseen.Count);
        var taken = Unseen;
        seen += taken.Count;
        return taken;
    }

    private static IEnumerable<(string Pod, string Lines)> ByPod(IEnumerable<string> lines) => lines
        .GroupBy(line => line.Split(' ')[0], StringComparer.Ordinal)
        .OrderBy(pod => pod.Key, StringComparer.Ordinal)
        .Select(pod => (pod.Key, string.Join('\n', pod)));

    private static bool IsHeader(string line) => line.StartsWith("NAME ", StringComparison.Ordinal);

    private static string WithoutAge(string line) => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[..^1]);
}
