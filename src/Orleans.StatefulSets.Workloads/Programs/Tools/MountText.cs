using Orleans.StatefulSets.Workloads.Files;

namespace Orleans.StatefulSets.Workloads.Programs.Tools;

/// <summary>What df and mount call a mount's source and type.</summary>
internal static class MountText
{
    public static string TypeOf(Mount mount) => mount.Path == "/" ? "overlay" : mount.ReadOnly ? "tmpfs" : "ext4";

    public static string SourceOf(Mount mount) => mount.Path == "/" ? "overlay" : mount.ReadOnly ? "tmpfs" : "/dev/vdb";
}
