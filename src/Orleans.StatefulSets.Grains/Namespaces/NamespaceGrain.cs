using k8s.Models;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using Orleans.StatefulSets.Grains.Cluster;
using Orleans.StatefulSets.Grains.Objects;
using Orleans.StatefulSets.Resources.Kinds;

namespace Orleans.StatefulSets.Grains.Namespaces;

/// <inheritdoc cref="INamespaceGrain"/>
[Reentrant]
internal sealed partial class NamespaceGrain(ObjectServices services, ObjectMutations mutations, DirectWriter direct, TimeProvider wall, ILogger<NamespaceGrain> logger)
    : ObjectGrain(services), INamespaceGrain
{
    private const string Finalizer = "kubernetes";
    private const int AtOnce = 256;
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(500);

    // A deletion that was lost with a connection does not hold up the others; it is sent again.
    private static readonly TimeSpan DeletePatience = TimeSpan.FromSeconds(10);

    private DecisionLoop loop = null!;

    /// <inheritdoc/>
    protected override void GoOn() => loop.Wake();

    /// <inheritdoc/>
    protected override Task LoadedAsync(CancellationToken cancellation)
    {
        loop = NewLoop(WorkAsync, failure =>
        {
            LogFailed(failure, Key);
            NudgeAt(Now + LookAgain);
        });
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    protected override void Committed(Carried carried) => loop.Wake();

    private Task WorkAsync() => Current?.As<V1Namespace>() is not { } item ? Task.CompletedTask
        : item.Metadata.DeletionTimestamp is null ? FurnishAsync()
        : EmptyAsync();

    /// <summary>Every namespace has a ServiceAccount <c>default</c> and the cluster's certificate, and gets them again.</summary>
    private async Task FurnishAsync()
    {
        await Services.Replicas.Objects.WaitForHeadAsync(CancellationToken.None);
        await FurnishAsync(ResourceKinds.ServiceAccounts.Key(Key.Name, NamespaceFurniture.ServiceAccountName), NamespaceFurniture.DefaultServiceAccount(Key.Name));
        await FurnishAsync(ResourceKinds.ConfigMaps.Key(Key.Name, NamespaceFurniture.RootCertificateName), NamespaceFurniture.RootCertificate(Key.Name));
    }

    private async Task FurnishAsync(ObjectKey key, object model)
    {
        if (Services.Replicas.Find(key) is null && await direct.CreateAsync(key, model) is { Refused: true } reply && reply.ToException() is { Reason: not "AlreadyExists" } refusal)
        {
            throw refusal;
        }
    }

    /// <summary>Deletes all that is in the namespace; once nothing is left, the namespace goes too.</summary>
    private async Task EmptyAsync()
    {
        await Services.Replicas.Objects.WaitForHeadAsync(CancellationToken.None);
        var left = ResourceKinds.All.Where(kind => kind.Namespaced).SelectMany(kind => Services.Replicas.List(kind.Resource, Key.Name)).ToList();
        foreach (var part in left.Where(item => item.Metadata.DeletionTimestamp is null).Chunk(AtOnce))
        {
            await Task.WhenAll(part.Select(item => mutations.DeleteAsync(item, "Background"))).WaitAsync(DeletePatience, wall);
        }

        if (left.Count > 0)
        {
            // Pods and claims take their time; the next look is cheap.
            NudgeAt(Now + LookAgain);
            return;
        }

        // The last finalizer's going takes the object with it.
        if (Current is { } item && item.As<V1Namespace>().Spec?.Finalizers?.Contains(Finalizer) == true)
        {
            var emptied = item.As<V1Namespace>();
            emptied = emptied with { Spec = emptied.Spec with { Finalizers = [.. emptied.Spec.Finalizers.Where(other => other != Finalizer)] } };
            if ((await Replace(new Messages.Model(emptied), "finalize")).Refused)
            {
                // Something came in, or somebody else changed it.
                NudgeAt(Now + LookAgain);
            }
        }
        else if (Current is { } bare && bare.Metadata.Finalizers is not { Count: > 0 })
        {
            await RemoveAsync(bare.Uid);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Work on {Namespace} failed; it is tried again")]
    private partial void LogFailed(Exception failure, ObjectKey @namespace);
}
