namespace Orleans.StatefulSets.Grains.Pods;

/// <summary>
/// How long the name of a pod that a client deleted stays free before a controller takes it again, in real time. <c>kubectl delete</c> gets the
/// pod, lists it, and looks at what the list found a tenth of a second later: where the pod went between the two and its set's next one is
/// there at the look, it waits for that one's end (kubernetes/kubectl#1803). A real pod takes longer to go than kubectl to list.
/// </summary>
/// <param name="wall">The wall clock: kubectl knows no other.</param>
internal sealed class Farewell(TimeProvider wall)
{
    public static readonly TimeSpan Length = TimeSpan.FromMilliseconds(500);

    private long? goneAt;

    /// <summary>A client has deleted the pod.</summary>
    public bool IsDue { get; private set; }

    /// <summary>A client deletes the pod.</summary>
    public void Announce() => IsDue = true;

    /// <summary>The pod is gone.</summary>
    public void Begin() => goneAt = IsDue ? wall.GetTimestamp() : null;

    /// <summary>There is a pod of the name again.</summary>
    public void Forget() => (IsDue, goneAt) = (false, null);

    /// <summary>Completes when the name may be taken.</summary>
    public Task EndAsync() => goneAt is { } since && Length - wall.GetElapsedTime(since) is { Ticks: > 0 } left ? Task.Delay(left, wall) : Task.CompletedTask;
}
