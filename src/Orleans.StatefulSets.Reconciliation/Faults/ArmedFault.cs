using k8s.Models;
using Orleans.StatefulSets.Resources.Decoding;
using Orleans.StatefulSets.Resources.Errors;
using Orleans.StatefulSets.Resources.Faults;
using Orleans.StatefulSets.Resources.Selectors;

namespace Orleans.StatefulSets.Reconciliation.Faults;

/// <summary>A Fault made ready to be asked of many objects: whom it hits, and until when.</summary>
public sealed class ArmedFault
{
    private readonly V1alpha1FaultSelector selector;
    private readonly LabelSelector labels;
    private readonly string purpose;

    /// <param name="fault">The Fault, valid as all that are stored.</param>
    public ArmedFault(V1alpha1Fault fault)
    {
        Name = fault.Metadata.Name;
        Uid = fault.Metadata.Uid ?? "";
        Spec = fault.Spec;
        Nodes = [.. fault.Status?.Nodes ?? []];
        IsActive = fault is { Metadata.DeletionTimestamp: null, Status.Phase: FaultPhases.Active };
        EndsAt = FaultTimes.EndOf(fault);
        selector = fault.Spec.Selector ?? new V1alpha1FaultSelector();
        labels = LabelsOf(selector);
        purpose = $"{Action}/{Name}";
    }

    public string Name { get; }

    public string Uid { get; }

    public V1alpha1FaultSpec Spec { get; }

    /// <summary>The nodes that were chosen when it began.</summary>
    public IReadOnlyList<V1alpha1FaultNode> Nodes { get; }

    public string Action => Spec.Action ?? "";

    /// <summary>It has begun, is not over by its status, and is not being deleted.</summary>
    public bool IsActive { get; }

    /// <summary>When it ends; null for not of itself.</summary>
    public DateTime? EndsAt { get; }

    /// <summary>It happens so often at most, so that each time has to be asked for.</summary>
    public bool IsCounted => Spec.Count is not null;

    /// <summary>How much later requests are answered.</summary>
    public TimeSpan Delay => GoDuration.TryParse(Spec.Delay, out var delay) ? delay : TimeSpan.Zero;

    /// <summary>It happens at a moment: its end counts from the clock, whether or not somebody has written it down yet.</summary>
    public bool HappensAt(DateTime now) => IsActive && !(EndsAt <= now);

    /// <summary>Whether chance hits a target the time that is meant.</summary>
    public bool Strikes(string target, long attempt) => FaultChance.Hits(Spec.Seed ?? 0, purpose, target, attempt, Spec.Percent ?? 100);

    /// <summary>Whether a node is meant.</summary>
    public bool Selects(V1Node node) => NamePattern.MatchesAny(selector.Nodes, node.Metadata.Name) && labels.Matches(node.Metadata.Labels);

    /// <summary>Whether containers of a pod may be meant, by what is known of it without decoding it.</summary>
    public bool MaySelect(string @namespace, string pod, IDictionary<string, string> podLabels) =>
        NamePattern.MatchesAny(selector.Namespaces, @namespace) && NamePattern.MatchesAny(selector.Pods, pod) && labels.Matches(podLabels);

    /// <summary>Whether a container of a pod is meant.</summary>
    public bool Selects(V1Pod pod, V1Container container) =>
        NamePattern.MatchesAny(selector.Namespaces, pod.Metadata.NamespaceProperty)
        && NamePattern.MatchesAny(selector.Pods, pod.Metadata.Name)
        && NamePattern.MatchesAny(selector.Nodes, pod.Spec.NodeName)
        && NamePattern.MatchesAny(selector.Containers, container.Name)
        && NamePattern.MatchesAny(selector.Images, container.Image)
        && labels.Matches(pod.Metadata.Labels);

    /// <summary>Whether a claim is meant.</summary>
    public bool Selects(V1PersistentVolumeClaim claim, string storageClass) =>
        NamePattern.MatchesAny(selector.Namespaces, claim.Metadata.NamespaceProperty)
        && NamePattern.MatchesAny(selector.Claims, claim.Metadata.Name)
        && NamePattern.MatchesAny(selector.StorageClasses, storageClass)
        && labels.Matches(claim.Metadata.Labels);

    /// <summary>Whether a request is meant.</summary>
    public bool Selects(FaultedRequest request) =>
        NamePattern.MatchesAny(selector.Verbs, request.Verb)
        && NamePattern.MatchesAny(selector.Namespaces, request.Namespace)
        && NamePattern.MatchesAny(selector.UserAgents, request.UserAgent)
        && (NamePattern.MatchesAny(selector.Resources, request.Resource) || NamePattern.MatchesAny(selector.Resources, request.ResourceWithGroup));

    private static LabelSelector LabelsOf(V1alpha1FaultSelector selector)
    {
        try
        {
            return selector.LabelSelector is { } given ? LabelSelector.From(given) : LabelSelector.Everything;
        }
        catch (ApiException)
        {
            // Never stored; and what can't be asked hits nobody.
            return LabelSelector.Nothing;
        }
    }
}
