using Orleans.StatefulSets.Workloads.Files;

namespace Orleans.StatefulSets.Workloads.Sandboxes;

/// <summary>A volume of a pod.</summary>
/// <param name="Tree">The tree that its files are in.</param>
/// <param name="Path">The part of the tree that is the volume; empty for all of it. A byte string.</param>
/// <param name="ReadOnly">Nobody may write to it.</param>
public sealed record PodVolume(IFileTree Tree, string Path = "", bool ReadOnly = false);
