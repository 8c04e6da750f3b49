using k8s.Models;
using Orleans.StatefulSets.Workloads.Files;
using Orleans.StatefulSets.Workloads.Programs;
using Orleans.StatefulSets.Workloads.Programs.Shell;

namespace Orleans.StatefulSets.Workloads.Images;

public sealed class ImageCatalog
{
    private static readonly ProgramCatalog Programs = new(ShellPrograms.All.Concat(ToolPrograms.All));
    private static readonly ImageTree Tree = BaseImage.Of(Programs.Names);

    public static ImageCatalog Default { get; } = new();

    public ContainerImage Find(V1Container container) => new() { Files = Tree, Programs = Programs, Entrypoint = container.Image.Contains("busybox", StringComparison.Ordinal) ? ["sh"] : ["sleep", "99999999"], RunsWhenAsked = !container.Image.Contains("busybox", StringComparison.Ordinal) };
}
