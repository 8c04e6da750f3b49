using k8s.Models;
using Orleans.StatefulSets.Reconciliation.Revisions;
using Orleans.StatefulSets.Reconciliation.StatefulSets;

namespace Orleans.StatefulSets.Reconciliation.Tests.StatefulSets;

/// <summary>
/// Seeded histories: users, kubelets and failures at random, observations late, doubled and out of order. After every step the summary's
/// decision is the oracle's and the invariants hold; in the end everything heals and the set is as its spec says.
/// </summary>
public sealed class StatefulSetSimulationTests
{
    private const int Steps = 120;
    private const int HealingRounds = 400;

    public static TheoryData<int> Batches() => [.. Enumerable.Range(0, 20)];

    [Theory]
    [MemberData(nameof(Batches))]
    public void Every_history_follows_upstreams_order_step_by_step_and_heals(int batch)
    {
        for (var seed = batch * 20; seed < (batch + 1) * 20; seed++)
        {
            var history = new History(seed);
            try
            {
                history.Live(Steps);
                history.Heal(HealingRounds);
            }
            catch (Exception failure)
            {
                throw new InvalidOperationException($"seed {seed}: {failure.Message}\n{history.Log}", failure);
            }
        }
    }

    private sealed class History
    {
        private readonly Random chance;
        private readonly FakeCluster cluster;
        private readonly List<string> log = [];

        internal History(int seed)
        {
            chance = new Random(seed);
            var set = SetManifests.Set(chance.Next(0, 6), chance.Next(2) == 0 ? "OrderedReady" : "Parallel", chance.Next(3));
            cluster = new FakeCluster(set, chance);
        }

        internal string Log => string.Join('\n', log.TakeLast(60));

        internal void Live(int steps)
        {
            for (var step = 0; step < steps; step++)
            {
                Disturb(chance.Next(22));
                cluster.Collect();
                cluster.Deliver(0.6);
                Round(failureChance: 0.1);
            }
        }

        internal void Heal(int rounds)
        {
            cluster.Change(spec => spec with { Template = SetManifests.Template("nginx:2"), MinReadySeconds = chance.Next(2) * 5 });
            Strategy(spec => spec with { RollingUpdate = new V1RollingUpdateStatefulSetStrategy { Partition = 0 }, Type = "RollingUpdate" });
            var quiet = 0;
            for (var round = 0; quiet < 3; round++)
            {
                Assert.True(round < rounds, $"not healed: {string.Join(", ", cluster.Pods.Keys)}");
                Recover();
                cluster.Collect();
                cluster.DeliverAll();
                cluster.Advance(TimeSpan.FromSeconds(3));
                var plan = Round(failureChance: 0.02);
                quiet = plan is { Idle: true, RecheckAt: null, Hindered.Count: 0 } && cluster.Pods.Values.All(IsReady) ? quiet + 1 : 0;
            }

            AssertAsSpecified();
        }

        private StatefulSetPlan Round(double failureChance)
        {
            var plan = cluster.Decide();
            var text = PlanText.Of(plan);
            log.Add(text);
            AssertSameAsOracle(plan);
            AssertInvariants(plan);
            Assert.Equal(text, PlanText.Of(cluster.Decide()));
            cluster.CarryOut(plan, failureChance);
            return plan;
        }

        private void AssertSameAsOracle(StatefulSetPlan plan)
        {
            var revisions = RevisionDecision.Decide(cluster.Set, [.. cluster.Revisions.Values], name => cluster.Revisions.GetValueOrDefault(name));
            var oracle = new StatefulSetOracle(cluster.Set, revisions, [.. cluster.Summary.All], cluster.Summary.FindClaim, cluster.Now).Decide();
            Assert.Equal(oracle.Actions, string.Join('\n', PlanText.Actions(plan)));
            Assert.Equal(PlanText.StatusLine(oracle.Status), PlanText.StatusLine(plan.Status));
        }

        private void AssertInvariants(StatefulSetPlan plan)
        {
            var spec = cluster.Set.Spec;
            var start = spec.Ordinals?.Start ?? 0;
            var updates = plan.Delete.Where(pod => pod.Reason == DeletionReason.Update).ToList();
            var floor = start + (spec.UpdateStrategy.RollingUpdate?.Partition ?? 0);
            Assert.All(updates, pod => Assert.True(pod.Ordinal >= floor, "the partition holds"));
            Assert.True(updates.Count == 0 || spec.UpdateStrategy.Type != "OnDelete", "OnDelete never updates");
            var most = UpdateRules.MaxUnavailable(cluster.Set);
            Assert.True(updates.Count <= (most ?? 1), "no more at once than may be unavailable");
            if (most is not null && updates.Count > 0)
            {
                var unhealthy = Enumerable.Range(start, spec.Replicas!.Value).Count(ordinal => cluster.Summary.Member(ordinal) is not { Healthy: true });
                Assert.True(unhealthy + updates.Count <= most, "maxUnavailable holds");
            }

            if (spec.PodManagementPolicy == "OrderedReady")
            {
                AssertOrder(plan, start);
            }
        }

        private void AssertOrder(StatefulSetPlan plan, int start)
        {
            Assert.True(plan.Create.Count + plan.Hindered.Count <= 1, "one creation at a time");
            var predecessors = plan.Create.SelectMany(create => Enumerable.Range(start, create.Ordinal - start)).Select(cluster.Summary.Member);
            Assert.All(predecessors, pod => Assert.True(pod is { Healthy: true }, "predecessors are Running and Ready"));
            var condemned = plan.Delete.Where(pod => pod.Reason == DeletionReason.Condemned).ToList();
            Assert.True(condemned.Count <= 1, "one condemned pod at a time");
            Assert.True(condemned.Count == 0 || plan.Create.Count == 0, "scale-down waits for the replicas");
            Assert.All(condemned, pod => Assert.True(
                cluster.Summary.All.All(other => !other.Controlled || !other.MatchesSelector || other.Ordinal <= pod.Ordinal || other.Ordinal < start + cluster.Set.Spec.Replicas),
                "condemned pods go from the top"));
        }

        private void AssertAsSpecified()
        {
            var start = cluster.Set.Spec.Ordinals?.Start ?? 0;
            var expected = Enumerable.Range(start, cluster.Set.Spec.Replicas!.Value).Select(ordinal => $"web-{ordinal}").Order(StringComparer.Ordinal);
            Assert.Equal(expected, cluster.Pods.Keys);
            Assert.All(cluster.Pods.Values, pod => Assert.Equal("nginx:2", SetManifests.ImageOf(pod)));
            Assert.Equal(cluster.Set.Status.UpdateRevision, cluster.Set.Status.CurrentRevision);
            Assert.Equal(cluster.Set.Spec.Replicas, cluster.Set.Status.AvailableReplicas);
            Assert.True(cluster.Revisions.Count <= cluster.Set.Spec.RevisionHistoryLimit + 1);
        }

        // What a person and a kubelet do in the end: stuck and foreign pods go, the others run.
        private void Recover()
        {
            foreach (var pod in cluster.Pods.Values.ToList())
            {
                var foreign = Ownership.ControllerOf(pod.Metadata)?.Uid != "set-uid" || pod.Metadata.Labels["app"] != "nginx";
                if (pod.Metadata.DeletionTimestamp is not null || SetManifests.ImageOf(pod) == "broken" || (foreign && chance.Next(3) == 0))
                {
                    cluster.Vanish(pod);
                }
                else if (!IsReady(pod) && pod.Status.Phase is "Pending" or "Running")
                {
                    cluster.Put(pod.With("Running", cluster.Now));
                }
            }
        }

        private void Disturb(int what)
        {
            log.Add($"disturb {what}");
            var pod = cluster.Pods.Count == 0 ? null : cluster.Pods.Values.ElementAt(chance.Next(cluster.Pods.Count));
            if (what < 13)
            {
                if (pod is not null)
                {
                    DisturbPod(what, pod);
                }

                return;
            }

            DisturbSet(what);
        }

        private void DisturbPod(int what, V1Pod pod)
        {
            var broken = SetManifests.ImageOf(pod) == "broken";
            switch (what)
            {
                case < 6 when pod.Metadata.DeletionTimestamp is not null:
                    cluster.Vanish(pod);
                    break;
                case < 6 when pod.Status.Phase is "Pending" or "Running":
                    cluster.Put(pod.With("Running", broken ? null : cluster.Now));
                    break;
                case 6:
                    cluster.Put(pod.With(chance.Next(2) == 0 ? "Failed" : "Succeeded"));
                    break;
                case 7:
                    cluster.Put(pod.With("Running"));
                    break;
                case 8 when pod.Metadata.DeletionTimestamp is null:
                    cluster.Delete(pod);
                    break;
                case 9:
                    cluster.Vanish(pod);
                    break;
                case 10:
                    Relabel(pod);
                    break;
                case 11:
                    cluster.Put(pod with { Metadata = Ownership.Release(cluster.Set, pod.Metadata) });
                    break;
                case 12 when cluster.Claims.Count > 0:
                    cluster.Delete(cluster.Claims.Values.ElementAt(chance.Next(cluster.Claims.Count)));
                    break;
            }
        }

        private void Relabel(V1Pod pod)
        {
            string[] keys = ["app", StatefulSetLabels.PodName];
            var labels = new Dictionary<string, string>(pod.Metadata.Labels) { [keys[chance.Next(2)]] = "other" };
            cluster.Put(pod with { Metadata = pod.Metadata with { Labels = labels } });
        }

        private void DisturbSet(int what)
        {
            switch (what)
            {
                case 13:
                    cluster.Change(spec => spec with { Replicas = chance.Next(0, 8) });
                    break;
                case 14:
                    string[] images = ["nginx:1", "nginx:2", "nginx:3", "broken"];
                    cluster.Change(spec => spec with { Template = SetManifests.Template(images[chance.Next(images.Length)]) });
                    break;
                case 15:
                    Strategy(strategy => strategy with { RollingUpdate = new V1RollingUpdateStatefulSetStrategy { Partition = chance.Next(4) } });
                    break;
                case 16:
                    Strategy(_ => new V1StatefulSetUpdateStrategy { Type = chance.Next(2) == 0 ? "OnDelete" : "RollingUpdate" });
                    break;
                case 17:
                    cluster.Change(spec => spec with { Ordinals = new V1StatefulSetOrdinals { Start = chance.Next(3) } });
                    break;
                case 18:
                    cluster.Change(spec => spec with { MinReadySeconds = chance.Next(3) * 4 });
                    break;
                case 19:
                    cluster.Change(spec => spec with { PersistentVolumeClaimRetentionPolicy = Retention() });
                    break;
                case 20:
                    IntOrString most = chance.Next(2) == 0 ? "50%" : "2";
                    Strategy(_ => new V1StatefulSetUpdateStrategy { Type = "RollingUpdate", RollingUpdate = new V1RollingUpdateStatefulSetStrategy { Partition = 0, MaxUnavailable = most } });
                    break;
                default:
                    cluster.Advance(TimeSpan.FromSeconds(chance.Next(5)));
                    break;
            }
        }

        private V1StatefulSetPersistentVolumeClaimRetentionPolicy Retention() => new()
        {
            WhenScaled = chance.Next(2) == 0 ? "Retain" : "Delete",
            WhenDeleted = chance.Next(2) == 0 ? "Retain" : "Delete",
        };

        private void Strategy(Func<V1StatefulSetUpdateStrategy, V1StatefulSetUpdateStrategy> change) =>
            cluster.Change(spec => spec with { UpdateStrategy = change(spec.UpdateStrategy) });

        private static bool IsReady(V1Pod pod) => pod.Metadata.DeletionTimestamp is null && pod.Status.Conditions?.Count > 0;
    }
}
