using k8s.Models;
using Orleans.StatefulSets.Reconciliation.Pods;

namespace Orleans.StatefulSets.Reconciliation.Tests.Pods;

/// <summary>Whoever goes on from the stored pod, at whatever moment, writes what the first process would have written.</summary>
public class KubeletResumeTests
{
    [Fact]
    public void Restarts_at_any_step_leave_the_same_sequence_of_stored_states()
    {
        for (var seed = 1; seed <= 120; seed++)
        {
            var plan = Plan.Of(new Random(seed));
            var steady = plan.Walk(() => false);
            var chance = new Random(-seed);
            var broken = plan.Walk(() => chance.Next(2) == 0);

            Assert.True(steady.Watch.SequenceEqual(broken.Watch), $"seed {seed}\n{string.Join('\n', steady.Watch)}\n---\n{string.Join('\n', broken.Watch)}");
            Assert.True(steady.IsRemoved && broken.IsRemoved, $"seed {seed}");
        }
    }

    /// <summary>A pod of some shape, deleted after some number of writes.</summary>
    private sealed record Plan(V1Pod Pod, PodLatencies Latencies, int DeleteAfter, int Grace, bool ImagePresent)
    {
        internal static Plan Of(Random chance)
        {
            var inits = Enumerable.Range(0, chance.Next(4)).Select(i => SamplePods.Init($"init-{i}", sidecar: chance.Next(3) == 0)).ToArray();
            var latencies = new PodLatencies
            {
                VolumeAttach = TimeSpan.FromMilliseconds(chance.Next(3000)),
                ImagePull = TimeSpan.FromMilliseconds(chance.Next(3000)),
                ContainerStart = TimeSpan.FromMilliseconds(chance.Next(2500)),
                GracefulStop = TimeSpan.FromMilliseconds(chance.Next(8000)),
            };
            return new Plan(
                SamplePods.WithInits(SamplePods.Bound(), inits), chance.Next(4) == 0 ? PodLatencies.None : latencies, chance.Next(7), chance.Next(1, 10),
                chance.Next(2) == 0);
        }

        internal PodWalk Walk(Func<bool> restarts)
        {
            var walk = new PodWalk(Pod, Latencies) { ImagePresent = ImagePresent };
            while (walk.Watch.Count < DeleteAfter && Go(walk, restarts))
            {
            }

            walk.Delete(Grace);
            while (Go(walk, restarts))
            {
            }

            return walk;
        }

        private static bool Go(PodWalk walk, Func<bool> restarts)
        {
            if (restarts())
            {
                walk.Restart();
            }

            return walk.Step();
        }
    }
}
