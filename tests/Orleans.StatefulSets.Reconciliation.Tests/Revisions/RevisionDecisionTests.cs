using k8s.Models;
using Orleans.StatefulSets.Reconciliation.Revisions;
using Orleans.StatefulSets.Reconciliation.Tests.StatefulSets;
using Orleans.StatefulSets.Resources.Objects;

namespace Orleans.StatefulSets.Reconciliation.Tests.Revisions;

public sealed class RevisionDecisionTests
{
    private static readonly V1StatefulSet Set = SetManifests.Set() with
    {
        Metadata = SetManifests.Set().Metadata with { Annotations = new Dictionary<string, string> { ["kubernetes.io/change-cause"] = "first" } },
    };

    [Fact]
    public void A_new_revision_carries_the_templates_labels_the_hash_the_sets_annotations_and_its_owner()
    {
        var created = Decide(Set).Create!;

        var hash = created.Metadata.Labels["controller.kubernetes.io/hash"];
        Assert.Equal("web-" + hash, created.Metadata.Name);
        Assert.Equal("nginx", created.Metadata.Labels["app"]);
        Assert.Equal("first", created.Metadata.Annotations["kubernetes.io/change-cause"]);
        Assert.Equal("set-uid", Assert.Single(created.Metadata.OwnerReferences).Uid);
        Assert.Equal(1, created.Revision);
    }

    [Fact]
    public void A_revision_read_back_from_storage_is_found_equal_though_its_html_was_unescaped()
    {
        var template = SetManifests.Template("nginx:1");
        var set = Set with { Spec = Set.Spec with { Template = template with { Metadata = template.Metadata with { Annotations = new Dictionary<string, string> { ["a"] = "<&>" } } } } };
        var stored = ObjectJson.Decode<V1ControllerRevision>(ObjectJson.Encode(Decide(set).Create!));
        var rewritten = ObjectJson.Decode<V1ControllerRevision>(ObjectJson.Encode(stored));

        var plan = Decide(set, rewritten);

        Assert.False(plan.Changes);
        Assert.Equal(stored.Metadata.Name, plan.Update.Metadata.Name);
    }

    [Fact]
    public void An_orphan_revision_is_adopted_with_its_bytes_and_one_of_another_owner_is_not_counted()
    {
        var own = Decide(Set).Create!;
        var orphan = own with { Metadata = own.Metadata with { OwnerReferences = null } };
        var foreign = own with { Metadata = own.Metadata with { OwnerReferences = [own.Metadata.OwnerReferences[0] with { Uid = "other" }] } };

        var adopted = Assert.Single(Decide(Set, orphan).Adopt);
        Assert.Equal("set-uid", adopted.Metadata.OwnerReferences[0].Uid);
        Assert.IsType<RevisionData>(adopted.Data);
        Assert.NotNull(Decide(Set, foreign).Create);
    }

    [Fact]
    public void A_name_taken_by_the_same_data_is_reused_and_by_other_data_counts_a_collision()
    {
        var own = Decide(Set).Create!;
        var other = own with { Data = RevisionData.Of(SetManifests.Template("other")) };

        var reused = RevisionDecision.Decide(Set, [], name => name == own.Metadata.Name ? own : null);
        var collided = RevisionDecision.Decide(Set, [], name => name == own.Metadata.Name ? other : null);

        Assert.Null(reused.Create);
        Assert.Equal(0, reused.CollisionCount);
        Assert.Equal(1, collided.CollisionCount);
        Assert.NotEqual(own.Metadata.Name, collided.Create!.Metadata.Name);
        Assert.Equal(own.Metadata.Labels["controller.kubernetes.io/hash"], collided.Create.Metadata.Labels["controller.kubernetes.io/hash"]);
    }

    [Fact]
    public void The_oldest_over_the_limit_go_but_for_current_update_and_those_of_pods()
    {
        List<V1ControllerRevision> all = [.. Enumerable.Range(1, 6).Select(Old)];
        var set = Set with
        {
            Spec = Set.Spec with { RevisionHistoryLimit = 1, Template = SetManifests.Template("nginx:6") },
            Status = new V1StatefulSetStatus { CurrentRevision = all[1].Metadata.Name },
        };

        var plan = Decide(set, [.. all]);
        var pruned = RevisionDecision.Prune(set, all, plan, name => name == all[0].Metadata.Name);

        Assert.Equal([3, 4], pruned.Select(revision => revision.Revision!.Value));
    }

    [Fact]
    public void A_set_that_is_being_deleted_creates_and_adopts_nothing()
    {
        var orphan = Old(1) with { Metadata = Old(1).Metadata with { OwnerReferences = null } };
        var set = Set with { Metadata = Set.Metadata with { DeletionTimestamp = DateTime.UnixEpoch } };

        Assert.False(Decide(set, orphan).Changes);
    }

    private static V1ControllerRevision Old(int number)
    {
        var set = Set with { Spec = Set.Spec with { Template = SetManifests.Template($"nginx:{number}") } };
        return Decide(set).Create! with { Revision = number };
    }

    private static RevisionPlan Decide(V1StatefulSet set, params V1ControllerRevision[] revisions) => RevisionDecision.Decide(set, revisions, _ => null);
}
