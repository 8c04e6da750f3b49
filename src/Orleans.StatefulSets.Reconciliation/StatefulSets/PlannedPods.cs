using k8s.Models;

namespace Orleans.StatefulSets.Reconciliation.StatefulSets;

/// <summary>A pod that was observed, by name and uid: the uid is the precondition of what is done to it.</summary>
public sealed record PodReference(string Name, string Uid);

/// <summary>One pod to create.</summary>
public sealed record PodCreation
{
    public required int Ordinal { get; init; }

    /// <summary>The name of the revision that the pod is of.</summary>
    public required string Revision { get; init; }

    /// <summary>The pod, without uid and timestamps. It shares its template's nested instances.</summary>
    public required V1Pod Pod { get; init; }

    /// <summary>The claims that are missing and must be created before the pod. One that turns out to exist is reused unchanged.</summary>
    public IReadOnlyList<V1PersistentVolumeClaim> Claims { get; init; } = [];
}

/// <summary>Why a set deletes a pod.</summary>
public enum DeletionReason
{
    /// <summary>It failed or succeeded, and is created anew once gone.</summary>
    Finished,

    /// <summary>Its ordinal is out of range: scale-down.</summary>
    Condemned,

    /// <summary>It is of another revision than the update's.</summary>
    Update,
}

/// <summary>One pod to delete, with its own grace period.</summary>
public sealed record PodDeletion(int Ordinal, string Name, string Uid, DeletionReason Reason);

/// <summary>One pod to put right: create the claims first, then rewrite the pod where a field of it is wrong.</summary>
public sealed record PodMending
{
    public required int Ordinal { get; init; }

    public required string Name { get; init; }

    public required string Uid { get; init; }

    /// <summary>The pod itself must be rewritten with <see cref="StatefulSetPods.Mend(V1StatefulSet, V1Pod)"/>; else only claims are missing.</summary>
    public required bool Rewrite { get; init; }

    /// <summary>The claims to create.</summary>
    public IReadOnlyList<V1PersistentVolumeClaim> Claims { get; init; } = [];
}

/// <summary>The owner references that a claim is to have from now on.</summary>
public sealed record ClaimOwnership(string Name, string Uid, int Ordinal, IReadOnlyList<V1OwnerReference> OwnerReferences)
{
    /// <summary>Upstream records <see cref="StatefulSetEvents.PodUpdated"/> for the claim's pod, though the pod itself stays as it is.</summary>
    public bool RecordsUpdate { get; init; }
}

/// <summary>A pod that cannot be created now.</summary>
/// <param name="Ordinal">The ordinal.</param>
/// <param name="PodName">The pod's name.</param>
/// <param name="Error">The error as upstream words it, <c>pvc www-web-0 is being deleted</c>; "" where upstream waits without an event.</param>
public sealed record CreationHindrance(int Ordinal, string PodName, string Error);
