namespace Orleans.StatefulSets.Acceptance.Tests.Torture;

/// <summary>The checker of the torture finds what must not be there in the end, and misses what must.</summary>
public sealed class EndCheckerTests
{
    private const string Claim = "data-ordered-0";

    [Fact]
    public void An_end_in_which_all_is_well_is_passed()
    {
        var history = Wrote("0-0", "1-0", "0-2");
        history.LinesSent["0-1"] = Claim;
        history.Deleted["gone"] = "room-0";
        history.Watchers["one/pods"] = [[Pod("ADDED", "a"), Pod("DELETED", "a"), Pod("ADDED", "b")]];

        Assert.Empty(EndChecker.Check(history, Holding("0-0", "0-1", "1-0", "0-2") with { Objects = Objects(new Remaining("pods", "default", "ordered-0", "b")) }));
    }

    [Theory]
    [InlineData("lost", "0-0")]
    [InlineData("twice", "0-0", "0-1", "0-1")]
    [InlineData("sent to nobody", "0-0", "0-1", "0-7")]
    [InlineData("sent to data-parallel-0", "0-0", "0-1", "1-0")]
    [InlineData("stands before", "0-1", "0-0")]
    public void A_file_that_lost_a_line_or_has_another_or_another_order_is_told(string complaint, params string[] lines)
    {
        var history = Wrote("0-0", "0-1");
        history.LinesSent["1-0"] = "data-parallel-0";

        Assert.Contains(complaint, Assert.Single(EndChecker.Check(history, Holding(lines))), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_there_though_its_deletion_was_acknowledged_is_told()
    {
        var history = new History();
        history.Deleted["x"] = "/api/v1/namespaces/room-0";

        Assert.Contains("was acknowledged", Ends(history, new Remaining("namespaces", "", "room-0", "x")), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_left_of_a_namespace_or_a_claim_that_is_gone_is_told()
    {
        Assert.Contains("left of", Ends(new History(), new Remaining("events", "room-0", "inside.1", "x")), StringComparison.Ordinal);
        Assert.Contains("left of", Ends(new History(), new Remaining("persistentvolumes", "", "pvc-1", "x", "y")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("as gone, and it is b", "DELETED")]
    [InlineData("as a, and it is b", "MODIFIED")]
    public void A_watcher_that_knows_another_end_is_told(string complaint, string type)
    {
        var history = new History();
        history.Watchers["one/pods"] = [[Pod("ADDED", "a"), Pod(type, "a")]];

        Assert.Contains(complaint, Ends(history, new Remaining("pods", "default", "ordered-0", "b")), StringComparison.Ordinal);
    }

    private static string Ends(History history, Remaining item) => Assert.Single(EndChecker.Check(history, new EndState { Objects = Objects(item) }));

    private static Dictionary<string, IReadOnlyList<Remaining>> Objects(Remaining item) =>
        ((Remaining[])[item, new Remaining("namespaces", "", "default", "n")]).GroupBy(one => one.Resource)
            .ToDictionary(group => group.Key, IReadOnlyList<Remaining> (group) => [.. group]);

    private static EndState Holding(params string[] lines) => new() { Files = new Dictionary<string, IReadOnlyList<string>> { [Claim] = lines } };

    private static History Wrote(params string[] lines)
    {
        var history = new History();
        foreach (var line in lines)
        {
            history.LinesSent[line] = Claim;
            history.Lines.Enqueue(new Line(Claim, line[0] - '0', line));
        }

        return history;
    }

    private static Seen Pod(string type, string uid) => new(type, "pods/ordered-0", uid, 3, false, "");
}
