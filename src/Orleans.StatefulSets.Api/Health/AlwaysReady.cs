namespace Orleans.StatefulSets.Api.Health;

/// <summary>For a host that says nothing about its readiness.</summary>
internal sealed class AlwaysReady : IReadiness
{
    public IReadOnlyList<ReadinessCheck> Check() => [];
}
