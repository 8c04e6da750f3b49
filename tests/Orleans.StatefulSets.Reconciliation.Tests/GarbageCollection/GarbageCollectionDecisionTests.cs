using k8s.Models;
using Orleans.StatefulSets.Reconciliation.GarbageCollection;

namespace Orleans.StatefulSets.Reconciliation.Tests.GarbageCollection;

public class GarbageCollectionDecisionTests
{
    private static readonly DateTime Deleted = new(2025, 6, 1, 12, 0, 0, DateTimeKind.Utc);

    // owner letters: P present, A absent, F being deleted in the foreground, U unknown.
    [Theory]
    [InlineData("", "None", "Keep")]
    [InlineData("P", "None", "Keep")]
    [InlineData("PP", "None", "Keep")]
    [InlineData("A", "None", "Delete Background")]
    [InlineData("A", "Some", "Delete Background")]
    [InlineData("PA", "None", "DropReferences 0")]
    [InlineData("APF", "Some", "DropReferences 1")]
    [InlineData("F", "None", "Delete Background")]
    [InlineData("F", "Some", "Delete Foreground")]
    [InlineData("AF", "Some", "Delete Foreground")]
    [InlineData("F", "SomeDeletingInForeground", "Delete Foreground unblocking 0")]
    [InlineData("A", "SomeDeletingInForeground", "Delete Background")]
    [InlineData("U", "None", "AskAgain")]
    [InlineData("PU", "None", "AskAgain")]
    [InlineData("AU", "None", "AskAgain")]
    public void A_dependent_stays_while_an_owner_stands(string owners, string dependents, string expected) =>
        Assert.Equal(expected, Describe(Decide(Owned(owners.Length), owners, Enum.Parse<DependentsKnowledge>(dependents))));

    [Theory]
    [InlineData("orphan", "Delete Orphan")]
    [InlineData("foregroundDeletion", "Delete Foreground")]
    [InlineData("example.com/other", "Delete Background")]
    public void A_dependent_without_owner_is_deleted_as_its_own_finalizer_says(string finalizer, string expected) =>
        Assert.Equal(expected, Describe(Decide(Owned(1) with { Finalizers = [finalizer] }, "A", DependentsKnowledge.None)));

    [Theory]
    [InlineData(null)]
    [InlineData("foregroundDeletion")]
    public void A_dependent_that_is_being_deleted_is_left_to_it(string? finalizer) =>
        Assert.Equal(
            "Keep",
            Describe(Decide(Owned(1) with { DeletionTimestamp = Deleted, Finalizers = finalizer is null ? null : [finalizer] }, "A", DependentsKnowledge.None)));

    [Fact]
    public void An_owner_in_the_foreground_collects_all_dependents_and_waits_for_the_blocking_ones()
    {
        var owner = Owner("foregroundDeletion");
        var blocking = Dependent("web-0", blocks: true);
        var loose = Dependent("web-1", blocks: false);

        var step = GarbageCollectionDecision.OfOwner(owner, [blocking, loose, Owned(1)]);
        Assert.Equal(["web-0", "web-1"], step.Collect.Select(dependent => dependent.Name));
        Assert.Null(step.RemoveFinalizer);

        step = GarbageCollectionDecision.OfOwner(owner, [blocking with { DeletionTimestamp = Deleted }]);
        Assert.Empty(step.Collect);
        Assert.Null(step.RemoveFinalizer);

        Assert.Equal("foregroundDeletion", GarbageCollectionDecision.OfOwner(owner, [loose]).RemoveFinalizer);
        Assert.Equal("foregroundDeletion", GarbageCollectionDecision.OfOwner(owner, []).RemoveFinalizer);
    }

    [Fact]
    public void An_orphaning_owner_strips_the_references_to_it_and_then_goes()
    {
        var owner = Owner("orphan");
        var dependent = Dependent("web-0", blocks: true);
        var both = dependent with { OwnerReferences = [.. dependent.OwnerReferences, new V1OwnerReference { Uid = "another" }] };

        var step = GarbageCollectionDecision.OfOwner(owner, [both]);
        Assert.Equal("web-0", Assert.Single(step.Orphan).Name);
        Assert.Null(step.RemoveFinalizer);

        var left = GarbageCollectionDecision.ReferencesWithout(both, "owner")!;
        Assert.Equal("another", Assert.Single(left).Uid);
        Assert.Equal("orphan", GarbageCollectionDecision.OfOwner(owner, [both with { OwnerReferences = left }]).RemoveFinalizer);
    }

    [Fact]
    public void An_owner_that_stands_or_goes_in_the_background_waits_for_nobody()
    {
        Assert.Same(OwnerStep.Nothing, GarbageCollectionDecision.OfOwner(Owner("foregroundDeletion") with { DeletionTimestamp = null }, [Dependent("a", true)]));
        Assert.Same(OwnerStep.Nothing, GarbageCollectionDecision.OfOwner(Owner("example.com/other"), [Dependent("a", true)]));
    }

    [Theory]
    [InlineData("Foreground", "x,foregroundDeletion")]
    [InlineData("Orphan", "x,orphan")]
    [InlineData("Background", "x")]
    [InlineData(null, "x,orphan")]
    public void A_propagation_policy_sets_its_finalizer_and_takes_the_others(string? policy, string expected) =>
        Assert.Equal(expected, string.Join(',', GarbageCollectionDecision.FinalizersFor(["x", "orphan"], policy)));

    private static CollectionStep Decide(V1ObjectMeta dependent, string owners, DependentsKnowledge dependents) =>
        GarbageCollectionDecision.OfDependent(
            dependent,
            reference => owners[int.Parse(reference.Uid)] switch
            {
                'P' => OwnerKnowledge.Present,
                'A' => OwnerKnowledge.Absent,
                'F' => OwnerKnowledge.DeletingInForeground,
                _ => OwnerKnowledge.Unknown,
            },
            dependents);

    private static string Describe(CollectionStep step)
    {
        var text = step.Action.ToString() + (step.PropagationPolicy is { } policy ? $" {policy}" : "");
        if (step.RemainingReferences is not { } references)
        {
            return text;
        }

        Assert.Equal(step.Action == CollectionAction.DropReferences, references.All(reference => reference.BlockOwnerDeletion == true));
        return $"{text}{(step.Action == CollectionAction.Delete ? " unblocking" : "")} {string.Join(',', references.Select(reference => reference.Uid))}";
    }

    private static V1ObjectMeta Owned(int owners) => new()
    {
        Name = "dependent",
        OwnerReferences = [.. Enumerable.Range(0, owners).Select(i => new V1OwnerReference { Uid = $"{i}", BlockOwnerDeletion = true })],
    };

    private static V1ObjectMeta Owner(string finalizer) => new() { Name = "web", Uid = "owner", DeletionTimestamp = Deleted, Finalizers = [finalizer] };

    private static V1ObjectMeta Dependent(string name, bool blocks) =>
        new() { Name = name, OwnerReferences = [new V1OwnerReference { Uid = "owner", BlockOwnerDeletion = blocks }] };
}
