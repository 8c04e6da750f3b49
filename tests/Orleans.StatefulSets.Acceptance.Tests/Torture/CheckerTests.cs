namespace Orleans.StatefulSets.Acceptance.Tests.Torture;

/// <summary>The checker of the torture finds what it is there to find.</summary>
public sealed class CheckerTests
{
    private const string Step = "info: Step of statefulsets.apps/default/ordered: creates [ordered-2] deletes [] knowing [ordered-0@4+ ordered-1@7+]";

    [Fact]
    public void A_history_in_which_all_is_well_is_passed()
    {
        var history = Of([Pod("ADDED", 0, "a", 3), Pod("MODIFIED", 0, "a", 4, ready: true), Pod("ADDED", 1, "b", 5), Pod("MODIFIED", 1, "b", 7, ready: true), Pod("ADDED", 2, "c", 8)]);
        history.Writes.Enqueue(new Acknowledged("pods/ordered-0", "a", 4));
        history.Counted["counter-0"] = 5;
        history.Unknown["counter-0"] = 2;

        Assert.Empty(Checker.Check(history, new EndState { Counters = new Dictionary<string, int> { ["counter-0"] = 6 } }, [Step]));
        Assert.True(Checker.IsStep(Step));
    }

    [Fact]
    public void Two_watchers_that_saw_different_things_at_one_version_are_told()
    {
        var history = Of([Pod("ADDED", 0, "a", 3)]);
        history.Watchers["two"] = [[Pod("ADDED", 1, "b", 3)]];

        Assert.Contains("another one", Assert.Single(Checker.Check(history, Nothing, [])), StringComparison.Ordinal);
    }

    [Fact]
    public void A_version_that_falls_is_told() =>
        Assert.Contains("after", Assert.Single(Checker.Check(Of([Pod("ADDED", 0, "a", 3), Pod("ADDED", 1, "b", 2)]), Nothing, [])), StringComparison.Ordinal);

    [Theory]
    [InlineData(5, "is lost")]
    [InlineData(3, "was acknowledged, and")]
    public void A_write_that_was_acknowledged_and_not_seen_is_told(long version, string complaint)
    {
        var history = Of([Pod("ADDED", 0, "a", 3)]);
        history.Writes.Enqueue(new Acknowledged("pods/ordered-1", "b", version));

        Assert.Contains(complaint, Assert.Single(Checker.Check(history, Nothing, [])), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(8)]
    public void A_counter_that_lost_or_doubled_an_increment_is_told(int value)
    {
        var history = Of([]);
        history.Counted["counter-0"] = 5;
        history.Unknown["counter-0"] = 2;

        Assert.Single(Checker.Check(history, new EndState { Counters = new Dictionary<string, int> { ["counter-0"] = value } }, []));
    }

    [Fact]
    public void Two_pods_of_one_name_and_one_that_comes_back_are_told()
    {
        Assert.Contains("while", Assert.Single(Checker.Check(Of([Pod("ADDED", 0, "a", 3), Pod("ADDED", 0, "b", 4)]), Nothing, [])), StringComparison.Ordinal);
        Assert.Contains("gone", Assert.Single(Checker.Check(Of([Pod("DELETED", 0, "a", 3), Pod("ADDED", 0, "a", 4)]), Nothing, [])), StringComparison.Ordinal);
    }

    [Fact]
    public void Claims_that_swap_their_volumes_are_told() =>
        Assert.Equal(3, Checker.Check(Of([Claim("x", 3, "one"), Claim("y", 4, "two"), Claim("x", 5, "two")]), Nothing, []).Count + 1);

    [Fact]
    public void A_claim_that_goes_is_told() =>
        Assert.Contains("nobody asked for", Assert.Single(Checker.Check(Of([Claim("x", 3, "one"), Claim("x", 6, "one") with { Type = "DELETED" }]), Nothing, [])), StringComparison.Ordinal);

    [Theory]
    [InlineData("creates [ordered-2] deletes [] knowing [ordered-0@4+]", "before its time")]
    [InlineData("creates [ordered-2] deletes [] knowing [ordered-0@4+ ordered-1@7-]", "before its time")]
    [InlineData("creates [] deletes [ordered-0] knowing [ordered-0@4+ ordered-1@7-]", "deleted before its time")]
    [InlineData("creates [] deletes [ordered-1 ordered-2] knowing [ordered-0@4+ ordered-1@7+ ordered-2@8+]", "more than one")]
    [InlineData("creates [] deletes [ordered-0] knowing [ordered-0@3+]", "at 3 was")]
    [InlineData("creates [] deletes [ordered-0] knowing [ordered-1@4+]", "at 4 was")]
    public void A_step_that_was_not_justified_is_told(string step, string complaint)
    {
        var history = Of([Pod("ADDED", 0, "a", 3), Pod("MODIFIED", 0, "a", 4, ready: true)]);

        Assert.Contains(complaint, Assert.Single(Checker.Check(history, Nothing, ["Step of statefulsets.apps/default/ordered: " + step])), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("deletes [ordered-2] knowing [ordered-0@4+ ordered-1@7-]")]
    [InlineData("deletes [ordered-1] knowing [ordered-0@4+ ordered-1@7- ordered-2@8-]")]
    [InlineData("deletes [ordered-0] knowing [ordered-0@4+ ordered-1@7+]")]
    public void A_deletion_in_its_time_is_passed(string step) =>
        Assert.Empty(Checker.Check(Of([]), Nothing, [$"Step of statefulsets.apps/default/ordered: creates [] {step}"]));

    [Theory]
    [InlineData("DELETED", true, 1)]
    [InlineData("MODIFIED", true, 0)]
    [InlineData("MODIFIED", false, 1)]
    public void A_watcher_that_missed_a_deletion_or_the_last_of_an_object_is_told(string missed, bool another, int violations)
    {
        List<Seen> after = another ? [Pod("ADDED", 0, missed == "DELETED" ? "b" : "a", 6), Pod("ADDED", 1, "c", 7)] : [Pod("ADDED", 1, "c", 7)];
        var history = new History();
        history.Watchers["one/pods"] = [Listed([Pod(missed, 0, "a", 5), .. after])];
        history.Watchers["two/pods"] = [Listed(after)];

        Assert.Equal(violations, Checker.Check(history, Nothing, []).Count(violation => violation.Contains("did not see", StringComparison.Ordinal)));

        static ListedPart Listed(List<Seen> changes)
        {
            var part = new ListedPart([Pod("ADDED", 0, "a", 3)], 4);
            part.AddRange(changes);
            return part;
        }
    }

    private static EndState Nothing => new();

    private static History Of(List<Seen> part)
    {
        var history = new History();
        history.Watchers["one"] = [part];
        return history;
    }

    private static Seen Pod(string type, int ordinal, string uid, long version, bool ready = false) => new(type, $"pods/ordered-{ordinal}", uid, version, ready, "");

    private static Seen Claim(string uid, long version, string volume) => new(version < 5 ? "ADDED" : "MODIFIED", $"persistentvolumeclaims/{uid}", uid, version, false, volume);
}
