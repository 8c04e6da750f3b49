namespace Orleans.StatefulSets.Acceptance.Tests.Servers.Network;

/// <summary>What becomes of what is sent through a proxy.</summary>
internal enum Passage
{
    /// <summary>It arrives.</summary>
    Open,

    /// <summary>It arrives late.</summary>
    Slow,

    /// <summary>It waits, and so does whoever connects: packets are lost on the way, and nobody is told.</summary>
    Hanging,

    /// <summary>Connections are reset, and whoever connects is too.</summary>
    Cut,
}
