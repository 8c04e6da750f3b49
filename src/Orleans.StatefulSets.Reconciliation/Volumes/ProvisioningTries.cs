namespace Orleans.StatefulSets.Reconciliation.Volumes;

/// <summary>
/// The tries to make one claim's volume that failed. An external provisioner tries again after 1 s, 2 s and so on up to 5 minutes
/// (<c>--retry-interval-start</c> and <c>--retry-interval-max</c> of sig-storage-lib-external-provisioner's callers).
/// </summary>
/// <param name="Count">How many.</param>
/// <param name="LastAt">When the last was made.</param>
public sealed record ProvisioningTries(int Count, DateTime LastAt)
{
    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MostWait = TimeSpan.FromMinutes(5);

    /// <summary>When the next one is to be made.</summary>
    public DateTime NextAt => LastAt + (FirstWait * Math.Pow(2, Math.Min(Count - 1, 20)) is var wait && wait < MostWait ? wait : MostWait);
}
