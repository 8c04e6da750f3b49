namespace Orleans.StatefulSets.Grains.Quotas;

/// <summary>How quotas keep their accounts.</summary>
public sealed class QuotaSettings
{
    /// <summary>
    /// How long a charge is kept of which nothing more is heard, in real time. Longer than a commit takes that is sent again and again:
    /// a grant must outlive the write that it was for.
    /// </summary>
    public TimeSpan GrantLasts { get; set; } = TimeSpan.FromMinutes(1);
}
