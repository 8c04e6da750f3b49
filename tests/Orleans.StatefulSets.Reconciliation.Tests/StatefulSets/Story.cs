using System.Globalization;
using System.Text;
using System.Text.Json;
using k8s.Models;

namespace Orleans.StatefulSets.Reconciliation.Tests.StatefulSets;

/// <summary>The file of a golden folder that tells what happens: the set's spec (what it leaves out is defaulted) and steps of a word or two.</summary>
internal sealed class StoryInput
{
    public V1StatefulSetSpec Spec { get; set; } = new();

    public List<string> Steps { get; set; } = [];
}

/// <summary>Plays a story on a cluster that does what it is told, and writes down each plan.</summary>
internal sealed class Story(StoryInput input)
{
    private const int MostRounds = 60;

    private readonly FakeCluster cluster = new(SetManifests.Completed(input.Spec), new Random(1));
    private readonly StringBuilder output = new();
    private bool claimsHeld;

    internal string Play()
    {
        foreach (var step in input.Steps)
        {
            output.Append(CultureInfo.InvariantCulture, $"> {step}\n");
            var words = step.Split(' ');
            Do(words[0], words.Length > 1 ? words[1] : "");
            Collect();
            cluster.DeliverAll();
        }

        return output.ToString();
    }

    private void Do(string verb, string what)
    {
        switch (verb)
        {
            case "decide":
                Round();
                break;
            case "settle":
                Settle();
                break;
            case "wait":
                cluster.Advance(TimeSpan.FromSeconds(Number(what)));
                break;
            case "delete-set":
                cluster.MarkDeleted();
                break;
            case "hold-claims" or "free-claims":
                claimsHeld = verb == "hold-claims";
                break;
            case "delete-claim":
                cluster.Delete(cluster.Claims[what]);
                break;
            case "take-revision":
                cluster.Revisions[what] = new V1ControllerRevision { Metadata = Foreign(what), Data = JsonSerializer.SerializeToElement("other"), Revision = 1 };
                break;
            case "foreign":
                cluster.Put(new V1Pod { Metadata = Foreign(what), Spec = new V1PodSpec() }.With("Running"));
                break;
            default:
                DoToPodOrSet(verb, what);
                break;
        }
    }

    private void DoToPodOrSet(string verb, string what)
    {
        if (!cluster.Pods.TryGetValue(what, out var pod))
        {
            cluster.Change(spec => SpecChanges.Apply(spec, verb, what));
            return;
        }

        cluster.Put(verb switch
        {
            "ready" => pod.With("Running", cluster.Now),
            "unready" => pod.With("Running"),
            "fail" => pod.With("Failed"),
            "orphan" => pod with { Metadata = pod.Metadata with { OwnerReferences = null } },
            "relabel" => pod with { Metadata = pod.Metadata with { Labels = new Dictionary<string, string>(pod.Metadata.Labels) { ["app"] = "other" } } },
            "delete" => pod with { Metadata = pod.Metadata with { DeletionTimestamp = cluster.Now } },
            "gone" => pod,
            _ => throw new InvalidOperationException($"unknown step {verb}"),
        });
        if (verb == "gone")
        {
            cluster.Vanish(pod);
        }
    }

    // Everything goes well until nothing is left to do: pods become ready at once, terminating ones go.
    private void Settle()
    {
        for (var round = 0; round < MostRounds; round++)
        {
            cluster.DeliverAll();
            if (Round() && cluster.Pods.Values.All(pod => pod.Metadata.DeletionTimestamp is null && pod.Status.Phase != "Pending"))
            {
                return;
            }

            foreach (var pod in cluster.Pods.Values.ToList())
            {
                if (pod.Metadata.DeletionTimestamp is not null)
                {
                    cluster.Vanish(pod);
                }
                else if (pod.Status.Phase == "Pending")
                {
                    cluster.Put(pod.With("Running", cluster.Now));
                }
            }

            Collect();
        }

        throw new InvalidOperationException("the story does not settle:\n" + output);
    }

    private bool Round()
    {
        cluster.DeliverAll();
        var plan = cluster.Decide();
        output.Append(PlanText.Of(plan)).Append('\n');
        cluster.CarryOut(plan, failureChance: 0);
        return plan.Idle;
    }

    private void Collect()
    {
        if (!claimsHeld)
        {
            cluster.Collect();
        }
    }

    private static V1ObjectMeta Foreign(string name) => new()
    {
        Name = name,
        NamespaceProperty = "default",
        Uid = "foreign-" + name,
        OwnerReferences = [new V1OwnerReference { ApiVersion = "apps/v1", Kind = "StatefulSet", Name = "other", Uid = "other-uid", Controller = true }],
    };

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}

/// <summary>The steps that change a set's spec, <c>scale 5</c>.</summary>
internal static class SpecChanges
{
    internal static V1StatefulSetSpec Apply(V1StatefulSetSpec spec, string verb, string what) => verb switch
    {
        "scale" => spec with { Replicas = Number(what) },
        "image" => spec with { Template = SetManifests.Template(what) },
        "partition" => spec with { UpdateStrategy = Rolling(spec) with { RollingUpdate = new V1RollingUpdateStatefulSetStrategy { Partition = Number(what) } } },
        "start" => spec with { Ordinals = new V1StatefulSetOrdinals { Start = Number(what) } },
        "history" => spec with { RevisionHistoryLimit = Number(what) },
        _ => throw new InvalidOperationException($"unknown step {verb} {what}"),
    };

    private static V1StatefulSetUpdateStrategy Rolling(V1StatefulSetSpec spec) => spec.UpdateStrategy with { Type = "RollingUpdate" };

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
