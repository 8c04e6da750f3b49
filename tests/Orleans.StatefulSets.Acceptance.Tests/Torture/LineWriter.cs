namespace Orleans.StatefulSets.Acceptance.Tests.Torture;

/// <summary>Appends lines to files on the volumes of pods of chance, each by a command in the pod.</summary>
internal sealed class LineWriter(TortureClient client, History history, int number, Random chance)
{
    /// <summary>The file, the same on each volume.</summary>
    public const string File = "/data/lines";

    private int sent;

    public async Task WriteAsync()
    {
        var (set, ordinal) = (TorturedSets.All[chance.Next(TorturedSets.All.Count)].Name, chance.Next(TorturedSets.MostReplicas));
        var line = new Line(TorturedSets.ClaimOf(set, ordinal), number, $"{number}-{sent++}");
        history.LinesSent[line.Text] = line.Claim;
        if (await TortureClient.ExecAsync($"{set}-{ordinal}", $"echo {line.Text} >> {File}", client.Any(chance)) is not null)
        {
            history.Lines.Enqueue(line);
        }
    }
}
