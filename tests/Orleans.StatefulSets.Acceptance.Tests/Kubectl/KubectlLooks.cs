namespace Orleans.StatefulSets.Acceptance.Tests.Kubectl;

/// <summary>Looks again and again until kubectl shows something.</summary>
internal static class KubectlLooks
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Waits for a row in what a <c>get</c> prints.</summary>
    public static Task UntilShownAsync(this KubectlSession kubectl, string command, Func<IReadOnlyList<string>, bool> row)
    {
        IReadOnlyList<IReadOnlyList<string>> last = [];
        return Deadline.WaitAsync(
            Patience,
            async () => (last = await kubectl.TableAsync(command)).Skip(1).Any(row),
            () => $"{command} shows\n{string.Join('\n', last.Select(cells => string.Join("  ", cells)))}");
    }

    /// <summary>Waits for a sentence in what a command prints: Events, for one, are written behind everybody's back.</summary>
    public static async Task UntilToldAsync(this KubectlSession kubectl, string command, string sentence)
    {
        var told = "";
        await Deadline.WaitAsync(
            Patience, async () => (told = await kubectl.OutputAsync(command)).Contains(sentence, StringComparison.Ordinal), () => $"{sentence} is not in\n{told}");
    }
}
