using k8s.Models;
using Orleans.StatefulSets.Reconciliation.Scheduling;
using Orleans.StatefulSets.Resources.Kinds;

namespace Orleans.StatefulSets.Reconciliation.Tests.Scheduling;

/// <summary>The summary against the whole-state functions: whatever came before, both say the same of the next pod.</summary>
public sealed class SchedulerOracleTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Whatever_happened_the_summary_decides_as_the_whole_state_does(int batch)
    {
        for (var seed = batch * 25; seed < (batch + 1) * 25; seed++)
        {
            new History(seed).Run(120);
        }
    }

    private sealed class History(int seed)
    {
        private readonly RandomCluster random = new(seed);
        private readonly WholeStateScheduler whole = new();
        private readonly SchedulerSummary summary = new(seed);
        private long version = 100;

        public void Run(int steps)
        {
            Label("space-0");
            Label("space-1");
            for (var step = 0; step < steps; step++)
            {
                switch (random.Next(12))
                {
                    case < 2:
                        SetNode();
                        break;
                    case 2 when whole.Nodes.Count > 0 && random.Maybe(3):
                        RemoveNode();
                        break;
                    case 3 when whole.Pods.Count > 0:
                        RemovePod(random.Any(whole.Pods.Values));
                        break;
                    case 4 when whole.Pods.Count > 0:
                        ChangePod();
                        break;
                    case 5:
                        Label($"space-{random.Next(2)}");
                        break;
                    default:
                        Schedule($"seed {seed} step {step}");
                        break;
                }
            }
        }

        private void Label(string space)
        {
            whole.Namespaces[space] = new Dictionary<string, string> { ["team"] = random.Maybe(2) ? "one" : "two" };
            summary.ObserveNamespace(space, whole.Namespaces[space], ++version);
        }

        private void SetNode()
        {
            var node = random.Node($"node-{random.Next(6)}");
            whole.Nodes[node.Metadata.Name] = node;
            summary.ObserveNode(node, ++version);
        }

        private void RemoveNode()
        {
            var name = random.Any(whole.Nodes.Keys);
            whole.Nodes.Remove(name);
            summary.RemoveNode(name);
        }

        private void RemovePod(V1Pod pod)
        {
            whole.Pods.Remove(pod.Metadata.Name);
            summary.RemovePod(new ObjectKey("pods", pod.Metadata.NamespaceProperty, pod.Metadata.Name), ++version);
        }

        private void ChangePod()
        {
            var pod = random.Any(whole.Pods.Values);
            Bind(pod with
            {
                Metadata = random.Maybe(2)
                    ? pod.Metadata with { Labels = random.Labels() }
                    : pod.Metadata with { DeletionTimestamp = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc) },
            });
        }

        private void Bind(V1Pod pod)
        {
            whole.Pods[pod.Metadata.Name] = pod;
            summary.ObservePod(pod, ++version);
        }

        private void Schedule(string where)
        {
            var pod = random.Pod();
            if (whole.Nodes.Count == 0)
            {
                return;
            }

            var feasible = whole.Nodes.Values.Where(node => whole.Refusal(pod, node) is null).ToList();
            var outcome = summary.Assign(pod, SchedulingClaims.None);
            switch (outcome)
            {
                case SchedulingOutcome.Assigned assigned:
                    CheckChoice(pod, assigned.NodeName, feasible, where);
                    Bind(pod.On(assigned.NodeName, "Running") with { Status = new V1PodStatus { Phase = "Running", StartTime = new DateTime(2026, 1, 1, 0, random.Next(60), 0, DateTimeKind.Utc) } });
                    break;
                case SchedulingOutcome.Unschedulable { Victims.Count: 0 } refused:
                    Assert.True(feasible.Count == 0, $"{where}: {refused.Message}, but {string.Join(' ', feasible.Select(node => node.Metadata.Name))} would do");
                    Assert.Equal((where, whole.Message(pod)), (where, refused.Message));
                    break;
                case SchedulingOutcome.Unschedulable preempting:
                    Assert.True(feasible.Count == 0, where);
                    CheckVictims(pod, preempting, where);
                    preempting.Victims.Select(victim => whole.Pods[victim.Name]).ToList().ForEach(RemovePod);
                    Assert.Equal((where, preempting.NominatedNode), (where, summary.Assign(pod, SchedulingClaims.None).NodeOf()));
                    Bind(pod.On(preempting.NominatedNode!));
                    break;
                default:
                    Assert.Fail($"{where}: {outcome}");
                    break;
            }
        }

        private void CheckChoice(V1Pod pod, string chosen, List<V1Node> feasible, string where)
        {
            Assert.True(feasible.Exists(node => node.Metadata.Name == chosen), $"{where}: {chosen} won't do: {whole.Refusal(pod, whole.Nodes[chosen])?.Reasons[0]}");
            if (pod.Spec.TopologySpreadConstraints is not null)
            {
                var scores = feasible.ToDictionary(node => node.Metadata.Name, node => whole.Score(pod, node, feasible));
                Assert.True(scores[chosen] == scores.Values.Max() || scores.Values.Max() == scores.Values.Min(), $"{where}: {chosen} of {string.Join(' ', scores)}");
            }
        }

        private void CheckVictims(V1Pod pod, SchedulingOutcome.Unschedulable preempting, string where)
        {
            var candidates = whole.Nodes.Values.Where(node => whole.Refusal(pod, node) is { Lasting: false })
                .Select(node => (Node: node.Metadata.Name, whole.Victims(pod, node).Pods)).Where(candidate => candidate.Pods.Count > 0).ToList();
            var best = candidates.Min(candidate => Cost(candidate.Pods));
            var chosen = candidates.Single(candidate => candidate.Node == preempting.NominatedNode);
            Assert.Equal((where, best), (where, Cost(chosen.Pods)));
            Assert.Equal(chosen.Pods.Select(victim => victim.Metadata.Name), preempting.Victims.Select(victim => victim.Name));
        }

        private static (int, int, int, long) Cost(List<V1Pod> victims)
        {
            var highest = victims.Max(victim => victim.Spec.Priority ?? 0);
            var sum = victims.Sum(victim => (victim.Spec.Priority ?? 0) + 1000);
            return (highest, sum, victims.Count, -victims.Where(victim => (victim.Spec.Priority ?? 0) == highest).Min(victim => victim.Status.StartTime ?? DateTime.MaxValue).Ticks);
        }
    }
}
