using System.Globalization;
using System.Text;
using k8s.Models;
using Orleans.StatefulSets.Reconciliation.StatefulSets;

namespace Orleans.StatefulSets.Reconciliation.Tests.StatefulSets;

/// <summary>A plan as lines that a person reads and a test compares.</summary>
internal static class PlanText
{
    internal static string Of(StatefulSetPlan plan)
    {
        var lines = new List<string>();
        lines.AddRange(plan.Revisions.Adopt.Select(revision => $"adopt revision {revision.Metadata.Name}"));
        if (plan.Revisions.Create is { } created)
        {
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"create revision {created.Metadata.Name} number {created.Revision}"));
        }

        if (plan.Revisions.Raise is { } raised)
        {
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"raise revision {raised.Metadata.Name} to {raised.Revision}"));
        }

        lines.AddRange(Actions(plan));
        lines.Add(StatusLine(plan.Status) + (plan.StatusChanged ? "" : " (unchanged)"));
        lines.AddRange(plan.Revisions.Prune.Select(revision => $"delete revision {revision.Metadata.Name}"));
        if (plan.RecheckAt is { } at)
        {
            lines.Add("recheck at " + at.ToString("HH:mm:ss", CultureInfo.InvariantCulture));
        }

        return string.Join('\n', lines) + '\n';
    }

    /// <summary>What is done to pods and claims, in the plan's order.</summary>
    internal static IEnumerable<string> Actions(StatefulSetPlan plan) =>
    [
        .. plan.Adopt.Select(pod => $"adopt pod {pod.Name}"),
        .. plan.Release.Select(pod => $"release pod {pod.Name}"),
        .. plan.Create.Select(create => Create(create.Pod.Metadata.Name, create.Revision, create.Claims.Select(claim => claim.Metadata.Name))),
        .. plan.Mend.Select(mend => Mend(mend.Name, mend.Rewrite, mend.Claims.Select(claim => claim.Metadata.Name))),
        .. plan.Claims.Select(claim => Own(claim.Name, claim.OwnerReferences)),
        .. plan.Delete.Select(pod => Delete(pod.Name, pod.Reason)),
        .. plan.Hindered.Select(hindrance => Hinder(hindrance.PodName, hindrance.Error)),
    ];

    internal static string Create(string pod, string revision, IEnumerable<string> claims) => $"create pod {pod} of {revision}{Claims(claims)}";

    internal static string Mend(string pod, bool rewrite, IEnumerable<string> claims) => $"mend pod {pod}{(rewrite ? " rewritten" : "")}{Claims(claims)}";

    internal static string Own(string claim, IEnumerable<V1OwnerReference> owners) =>
        $"give claim {claim} to [{string.Join(", ", owners.Select(owner => $"{owner.Kind} {owner.Name}"))}]";

    internal static string Delete(string pod, DeletionReason reason) => $"delete pod {pod} ({reason})";

    internal static string Hinder(string pod, string error) => $"cannot create pod {pod}: {(error.Length == 0 ? "wait" : error)}";

    internal static string StatusLine(V1StatefulSetStatus status)
    {
        var text = new StringBuilder("status");
        text.Append(CultureInfo.InvariantCulture, $" replicas={status.Replicas} ready={status.ReadyReplicas ?? 0} available={status.AvailableReplicas}");
        text.Append(CultureInfo.InvariantCulture, $" current={status.CurrentReplicas ?? 0} updated={status.UpdatedReplicas ?? 0}");
        text.Append(CultureInfo.InvariantCulture, $" currentRevision={status.CurrentRevision} updateRevision={status.UpdateRevision}");
        text.Append(CultureInfo.InvariantCulture, $" generation={status.ObservedGeneration} collisions={status.CollisionCount}");
        return text.ToString();
    }

    private static string Claims(IEnumerable<string> names) => string.Join(", ", names) is { Length: > 0 } list ? $" with {list}" : "";
}
