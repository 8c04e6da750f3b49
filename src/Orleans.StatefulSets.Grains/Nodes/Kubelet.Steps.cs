using k8s.Models;
using Orleans.StatefulSets.Grains.Messages;
using Orleans.StatefulSets.Reconciliation.Faults;
using Orleans.StatefulSets.Reconciliation.Nodes;
using Orleans.StatefulSets.Reconciliation.Pods;
using Orleans.StatefulSets.Resources.Errors;
using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Resources.Objects;
using Orleans.StatefulSets.Resources.Writing;

namespace Orleans.StatefulSets.Grains.Nodes;

/// <content>The steps of a pod: asked for, and carried out.</content>
internal sealed partial class Kubelet
{
    private async Task StepAsync(string key, LocalPod local)
    {
        try
        {
            while (local.News)
            {
                local.News = false;
                while (IsOn && IsMine(key, local) && await StepOnceAsync(key, local))
                {
                }
            }
        }
        catch (Exception failure)
        {
            LogStepFailed(failure, key, nodeName);
            services.Wheel.Schedule(key, services.Clock.Now + VolumeRetry, () => wake(key));
        }
        finally
        {
            local.Stepping = false;
        }
    }

    /// <returns>Whether to ask again at once.</returns>
    private async Task<bool> StepOnceAsync(string key, LocalPod local)
    {
        var pod = local.Item.As<V1Pod>();
        if (!local.VolumesReady && !PodReadiness.IsTerminating(pod) && !await VolumesReadyAsync(local.Item))
        {
            services.Wheel.Schedule(key, services.Clock.Now + VolumeRetry, () => wake(key));
        }
        else
        {
            local.VolumesReady = true;
        }

        // Meanwhile it may have gone, and what is begun for it now nobody would end.
        if (!IsOn || !IsMine(key, local))
        {
            return false;
        }

        pod = local.Item.As<V1Pod>();
        var step = await DecideAsync(local, pod);
        if (!IsOn || !IsMine(key, local))
        {
            return false;
        }

        if (step.ReportedImage)
        {
            images.UnionWith(ImagesOf(pod));
        }

        local.StopAnnounced |= step.AnnouncedStop;
        local.PullAnnounced |= step.AnnouncedPull;
        local.KillAnnounced |= step.AnnouncedKill;
        if (step.SandboxLost && local.Address is { } lost)
        {
            runtime.Forget(local.Item.Uid);
            addresses.Remove(lost);
            local.Address = null;
        }

        foreach (var unavailable in step.PullsFailed)
        {
            local.PullTries ??= [];
            local.PullTries[unavailable] = new PullTries((local.PullTries.GetValueOrDefault(unavailable)?.Count ?? 0) + 1, services.Clock.Now)
            {
                Problem = local.FaultedPulls?.GetValueOrDefault(unavailable),
            };
        }

        foreach (var action in step.Actions)
        {
            runtime.Act(local.Item, local.Address, action);
        }

        foreach (var container in step.Forgiven)
        {
            (local.ForgivenAt ??= [])[container] = pod.Status.ContainerStatuses?.Concat(pod.Status.InitContainerStatuses ?? []).FirstOrDefault(status => status.Name == container)?.RestartCount ?? 0;
        }

        var again = step switch
        {
            { NeedsPodIP: true } => GiveAddress(local),
            { Status: { } status } => Took(key, local, await Pod(local).ReportStatus(local.Item.Uid, new Model(status))),
            { Deletion: FinalDeletion.MarkGraceZero } => Took(key, local, await Pod(local).MarkGraceZero(local.Item.Uid)),
            { Deletion: FinalDeletion.Remove } => Took(key, local, await Pod(local).FinishDeletion(local.Item.Uid)),
            _ => false,
        };
        foreach (var told in step.Events)
        {
            services.Events.Record(told, local.Item);
        }

        if (!again && step.DueAt is { } due)
        {
            services.Wheel.Schedule(key, due, () => wake(key));
        }

        return again;
    }

    // A fault that may happen so often only is asked whether it may once it is clear that a pull fails by it.
    private async ValueTask<KubeletStep> DecideAsync(LocalPod local, V1Pod pod)
    {
        var failing = FaultsOf(local, pod);
        var step = KubeletDecision.Next(Situation(local, pod, failing));
        if (failing.Count == 0 || step.PullsFailed.Count == 0)
        {
            return step;
        }

        HashSet<string> spared = [];
        foreach (var container in step.PullsFailed)
        {
            if (failing.TryGetValue(container, out var fault) && !await services.Faults.TakeAsync(fault))
            {
                spared.Add(container);
            }
        }

        return spared.Count == 0 ? step : KubeletDecision.Next(Situation(local, pod, failing.Where(pair => !spared.Contains(pair.Key)).ToDictionary()));
    }

    private IReadOnlyDictionary<string, ArmedFault> FaultsOf(LocalPod local, V1Pod pod)
    {
        var faults = pod.Status?.Phase is "Running" ? [] : services.Faults.OfPulls;
        if (faults.Count == 0)
        {
            return NoFaults;
        }

        var runs = runtime.RunsOf(local.Item.Uid);
        return FaultedPulls.Of(pod, faults, local.PullTries ?? NoTries, container => IsPulled(container) && !runs.ContainsKey(container.Name), services.Clock.Now);
    }

    private bool IsPulled(V1Container container) => container.ImagePullPolicy != "Never" && (container.ImagePullPolicy == "Always" || !images.Contains(container.Image));

    private IReadOnlyDictionary<string, ImageProblem> ProblemsOf(LocalPod local, V1Pod pod, IReadOnlyDictionary<string, ArmedFault> failing)
    {
        if (pod.Status?.Phase is "Running")
        {
            return NoProblems;
        }

        var known = runtime.ImageProblemsOf(pod);
        var problems = FaultedPulls.Problems(known, failing, local.PullTries ?? NoTries, name => runtime.UnreachableImageOf(pod, name), services.Clock.Now);
        local.FaultedPulls = ReferenceEquals(problems, known) ? null : problems;
        return problems;
    }

    private KubeletSituation Situation(LocalPod local, V1Pod pod, IReadOnlyDictionary<string, ArmedFault> failing) => new()
    {
        Pod = pod,
        NodeName = nodeName,
        HostIP = node()?.Status?.Addresses?.FirstOrDefault(address => address.Type == "InternalIP")?.Address ?? "",
        PodIP = local.Address,
        VolumesReady = local.VolumesReady,
        ImagePresent = ImagesOf(pod).All(images.Contains),
        Refusal = pod.Status?.StartTime is null && node() is { } machine ? PodAdmission.Check(pod, pods.Values.Select(other => other.Outline), machine) : null,
        BootedAt = node() is { } booted ? NodePower.BootedAt(booted) : null,
        ForgivenAt = local.ForgivenAt,
        Since = local.Since,
        StopAnnounced = local.StopAnnounced,
        PullAnnounced = local.PullAnnounced,
        KillAnnounced = local.KillAnnounced,
        ImageProblems = ProblemsOf(local, pod, failing),
        PullTries = local.PullTries ?? NoTries,
        Killed = local.Killed,
        RunForReal = runtime.RealOf(pod, KindsOf(local)),
        Runs = runtime.RunsOf(local.Item.Uid),
        Now = services.Clock.Now,
        Latencies = latencies,
    };

    private bool GiveAddress(LocalPod local)
    {
        var range = node()?.Spec?.PodCIDR;
        local.Address = range is null ? null : NodeAddresses.Allocate(range, addresses, LastAddress);
        if (local.Address is null)
        {
            return false;
        }

        addresses.Add(local.Address);
        LastAddress = local.Address;
        return true;
    }

    /// <summary>Takes the pod's answer in. False when there is nothing more to do: it is gone, or nothing changed.</summary>
    private bool Took(string key, LocalPod local, ObjectReply reply)
    {
        if (reply.Refused || reply.Outcome == WriteOutcome.Removed)
        {
            // Refused: the pod of this uid is gone, and what took its name will be observed, or is here already.
            if (IsMine(key, local))
            {
                Forget(key, local);
            }

            return false;
        }

        if (reply.Object!.ResourceVersion > local.Item.ResourceVersion)
        {
            local.Item = reply.Object;
            local.Since = services.Clock.Now;
            runtime.Observe(reply.Object, KindsOf(local));
        }

        return reply.Outcome != WriteOutcome.Unchanged;
    }

    private async Task<bool> VolumesReadyAsync(StoredObject item)
    {
        var claims = (item.As<V1Pod>().Spec.Volumes ?? []).Select(volume => volume.PersistentVolumeClaim?.ClaimName).OfType<string>().ToList();
        if (claims.Count == 0 || PodReadiness.HasBegun(item.As<V1Pod>()))
        {
            return true;
        }

        // A claim that was asked to go before the pod got its node may do so without looking: the copy must have heard of that.
        try
        {
            await services.Replicas.Objects.WaitForVersionAsync(item.ResourceVersion, CopyPatience, CancellationToken.None);
        }
        catch (ApiException)
        {
            return false;
        }

        foreach (var claim in claims)
        {
            if (!await IsReadyAsync(ResourceKinds.PersistentVolumeClaims.Key(item.Key.Namespace, claim)))
            {
                return false;
            }
        }

        return true;
    }

    // "Pods that uses a PVC that is being deleted must not be started" (pkg/kubelet/volumemanager/populator). Whether it is bound its own
    // grain may know before the silo's copy.
    private async Task<bool> IsReadyAsync(ObjectKey key)
    {
        var claim = services.Replicas.Find(key);
        return !IsLeaving(claim) && (IsBound(claim) || ((await services.Observers.Claim(key.Namespace, key.Name).ReadObject())?.Object is { } newer && !IsLeaving(newer) && IsBound(newer)));
    }

    private static bool IsLeaving(StoredObject? claim) => claim?.Metadata.DeletionTimestamp is not null;

    private static bool IsBound(StoredObject? claim) => claim?.As<V1PersistentVolumeClaim>().Status?.Phase == "Bound";

    private static IEnumerable<string> ImagesOf(V1Pod pod) =>
        (pod.Spec.InitContainers ?? []).Concat(pod.Spec.Containers).Select(container => container.Image);
}
