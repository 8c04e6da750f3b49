using Orleans.StatefulSets.Workloads.Sandboxes;

namespace Orleans.StatefulSets.Grains.Nodes.Runtime;

/// <content>Its volumes, and its end, which lets them go.</content>
internal sealed partial class LivePod
{
    private readonly long use;

    // Completes when nothing of an earlier inside of the same pod is under way to its volumes.
    private readonly Task before;
    private Task<IReadOnlyDictionary<string, PodVolume>>? volumes;

    /// <summary>The pod is gone: everything in it ends, and its volumes are let go.</summary>
    public async Task CloseAsync()
    {
        // Whoever comes after it on another silo has the same volumes: nothing of this one may attach them again.
        Task<IReadOnlyDictionary<string, PodVolume>>? opening;
        lock (gate)
        {
            isClosed = true;
            opening = volumes;
        }

        Sandbox.Ended -= Ended;
        foreach (var life in lives.Values)
        {
            life.End();
        }

        try
        {
            await Sandbox.DisposeAsync();
            await services.Volumes.CloseAsync(Pod, nodeName, use, await OpenedAsync(opening));
        }
        finally
        {
            await before;
        }
    }

    private static async Task<IEnumerable<PodVolume>> OpenedAsync(Task<IReadOnlyDictionary<string, PodVolume>>? opening)
    {
        try
        {
            return opening is null ? [] : (await opening).Values;
        }
        catch (Exception)
        {
            // Whoever wanted them was told.
            return [];
        }
    }

    // What could not be mounted is tried again with the container.
    private Task<IReadOnlyDictionary<string, PodVolume>> VolumesAsync(PodView sources)
    {
        lock (gate)
        {
            if (isClosed)
            {
                throw Gone();
            }

            return volumes is null or { IsFaulted: true } ? volumes = OpenVolumesAsync(sources) : volumes;
        }
    }

    private async Task<IReadOnlyDictionary<string, PodVolume>> OpenVolumesAsync(PodView sources)
    {
        await before;
        if (isClosed)
        {
            throw Gone();
        }

        return await services.Volumes.OpenAsync(Pod, nodeName, use, sources);
    }

    private static VolumeMountException Gone() => new("the pod is gone from here");
}
