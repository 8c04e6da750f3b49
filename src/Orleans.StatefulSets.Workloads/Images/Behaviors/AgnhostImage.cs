using Orleans.StatefulSets.Workloads.Files;
using Orleans.StatefulSets.Workloads.Programs;
using Orleans.StatefulSets.Workloads.Programs.Servers;

namespace Orleans.StatefulSets.Workloads.Images.Behaviors;

/// <summary>agnhost, which Kubernetes' own tests use for everything.</summary>
internal sealed class AgnhostImage : IImageBehavior
{
    private static readonly Lazy<ImageTree> Tree = new(() => new ImageBuilder(StandardImages.Alpine).Program("/agnhost", "agnhost").Program("/usr/bin/agnhost", "agnhost").Build());
    private static readonly ProgramCatalog Programs = new([new AgnhostProgram()], StandardImages.Programs);

    public ContainerImage? Find(ImageReference image, IReadOnlyList<int> ports) => image.Name != "agnhost"
        ? null
        : new ContainerImage
        {
            Files = Tree.Value,
            Programs = Programs,
            Entrypoint = ["/agnhost"],
            Command = ["pause"],
            Environment = StandardImages.Environment,
            RunsWhenAsked = true,
        };
}
