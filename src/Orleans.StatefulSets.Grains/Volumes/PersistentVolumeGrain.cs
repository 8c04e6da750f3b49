using k8s.Models;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using Orleans.StatefulSets.Grains.Files;
using Orleans.StatefulSets.Grains.Objects;
using Orleans.StatefulSets.Reconciliation.Volumes;
using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Resources.Objects;
using Orleans.StatefulSets.Resources.Writing;

namespace Orleans.StatefulSets.Grains.Volumes;

/// <inheritdoc cref="IPersistentVolumeGrain"/>
[Reentrant]
internal sealed partial class PersistentVolumeGrain(ObjectServices services, FileTrees files, ILogger<PersistentVolumeGrain> logger)
    : ObjectGrain(services), IPersistentVolumeGrain
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan FollowPatience = TimeSpan.FromSeconds(5);

    private DecisionLoop loop = null!;
    private long told;

    /// <inheritdoc/>
    public override Task Observe(StoredObject item, bool deleted)
    {
        told = Math.Max(told, item.ResourceVersion);
        loop.Wake();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    protected override void GoOn() => loop.Wake();

    /// <inheritdoc/>
    protected override void Committed(Carried carried)
    {
        VolumeNews.TellOfVolume(Services, carried);
        if (carried.Removed)
        {
            // A retained volume stays, and its files with it. What goes wrong here the sweep makes good.
            files.DeleteAsync(TreeNames.OfVolume(carried.Object.Uid)).Ignore();
        }

        loop.Wake();
    }

    /// <inheritdoc/>
    protected override Task LoadedAsync(CancellationToken cancellation)
    {
        loop = NewLoop(DecideAsync, failure =>
        {
            LogFailed(failure, Key);
            NudgeAt(Now + RetryAfter);
        });
        return Task.CompletedTask;
    }

    private async Task DecideAsync()
    {
        if (Current is { } item)
        {
            var volume = item.As<V1PersistentVolume>();
            await CarryOutAsync(item, VolumeDecision.Decide(new VolumeSituation { Volume = volume, Claim = await ClaimAsync(volume), Now = Services.Clock.NowSeconds }));
        }
    }

    // A volume without its claim is released for good, so absence is asked of the claim's own grain.
    private async Task<V1PersistentVolumeClaim?> ClaimAsync(V1PersistentVolume volume)
    {
        if (volume.Spec.ClaimRef is not { Name.Length: > 0 } reference)
        {
            return null;
        }

        // News of the claim can be faster than the silo's copy, and nobody says it twice.
        await Services.Replicas.Objects.WaitForVersionAsync(told, FollowPatience, CancellationToken.None);
        if (Services.Replicas.Find(ResourceKinds.PersistentVolumeClaims.Key(reference.NamespaceProperty, reference.Name)) is { } stored && stored.Uid == reference.Uid
            && stored.As<V1PersistentVolumeClaim>().Spec.VolumeName == Key.Name)
        {
            return stored.As<V1PersistentVolumeClaim>();
        }

        await Services.Replicas.Objects.WaitForHeadAsync(CancellationToken.None);
        return (await Services.Observers.Claim(reference.NamespaceProperty, reference.Name).ReadObject())?.Object?.As<V1PersistentVolumeClaim>();
    }

    private async Task CarryOutAsync(StoredObject item, VolumePlan plan)
    {
        foreach (var told in plan.Events)
        {
            Tell(told);
        }

        if (!await WriteRevisionsAsync(item, plan.Revisions, plan.Removed))
        {
            loop.Wake();
            return;
        }

        if (plan.Delete)
        {
            await Write(new WriteRequest
            {
                Key = Key,
                Verb = WriteVerb.Delete,
                DeleteOptions = new V1DeleteOptions { Preconditions = new V1Preconditions { Uid = item.Uid } },
            });
        }

        if (plan.TellClaim && item.As<V1PersistentVolume>().Spec.ClaimRef is { } reference)
        {
            Services.Observers.Claim(reference.NamespaceProperty, reference.Name).Nudge().Ignore();
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Volume {Volume} could not be carried on; it is tried again")]
    private partial void LogFailed(Exception failure, ObjectKey volume);
}
