namespace Orleans.StatefulSets.Workloads.Sandboxes;

/// <summary>What a probe or a lifecycle hook came to.</summary>
/// <param name="Succeeded">Whether it is well.</param>
/// <param name="Message">What a kubelet says of it: why it failed, or the output of a command.</param>
public sealed record HandlerOutcome(bool Succeeded, string Message);
