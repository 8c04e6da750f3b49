using Orleans.Concurrency;
using Orleans.StatefulSets.Grains.Messages;
using Orleans.StatefulSets.Grains.Objects;
using Orleans.StatefulSets.Resources.Kinds;

namespace Orleans.StatefulSets.Grains.Quotas;

/// <summary>A ResourceQuota: its one writer, the keeper of what is used of it, and the one who admits what uses more.</summary>
[Alias("resourcequota")]
public interface IResourceQuotaGrain : IObjectGrain
{
    /// <summary>
    /// Charges what an object will use, committed to <c>status.used</c> before the answer. The charge stands until the object is seen
    /// stored, or is given back. A charge that is sent twice is charged once.
    /// </summary>
    /// <returns>Why the object may not be stored, the text after <c>… is forbidden: </c>; null where it may.</returns>
    [Alias("charge")]
    Task<string?> Charge([Immutable] QuotaRequest request);

    /// <summary>An object will not be stored after all.</summary>
    [OneWay]
    [AlwaysInterleave]
    [Alias("give-back")]
    Task GiveBack(string uid, Guid ticket);

    /// <summary>Objects of the namespace changed.</summary>
    [OneWay]
    [AlwaysInterleave]
    [Alias("look")]
    Task Look();
}

/// <summary>A write that a quota is asked about.</summary>
[GenerateSerializer, Immutable]
public sealed record QuotaRequest
{
    /// <summary>The object.</summary>
    [Id(0)]
    public required ObjectKey Key { get; init; }

    [Id(1)]
    public required string Uid { get; init; }

    /// <summary>Names this charge.</summary>
    [Id(2)]
    public required Guid Ticket { get; init; }

    /// <summary>The revision that the write is made on; 0 for a new object.</summary>
    [Id(3)]
    public required long Basis { get; init; }

    /// <summary>The object as it is to be stored.</summary>
    [Id(4)]
    public required Model Next { get; init; }

    /// <summary>The object as it is stored, or null.</summary>
    [Id(5)]
    public required Model? Before { get; init; }

    /// <summary>Answer, but charge nothing.</summary>
    [Id(6)]
    public required bool DryRun { get; init; }
}
