namespace Orleans.StatefulSets.Api.Health;

/// <summary>Whether the cluster can serve, asked by <c>/readyz</c> and <c>/healthz</c>.</summary>
public interface IReadiness
{
    /// <summary>The checks of this moment, in the order in which <c>?verbose</c> lists them.</summary>
    IReadOnlyList<ReadinessCheck> Check();
}

/// <summary>One check of <see cref="IReadiness"/>.</summary>
/// <param name="Name">A short name, <c>journal</c>.</param>
/// <param name="Passed">Whether it holds.</param>
public sealed record ReadinessCheck(string Name, bool Passed);
