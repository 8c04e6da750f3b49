using Orleans.StatefulSets.Workloads.Files;
using Orleans.StatefulSets.Workloads.Processes;
using Orleans.StatefulSets.Workloads.Programs;
using Orleans.StatefulSets.Workloads.Programs.Servers;

namespace Orleans.StatefulSets.Workloads.Images.Behaviors;

/// <summary>pause: waits. The real one has nothing in it but that; this one keeps the shell, for whoever looks in.</summary>
internal sealed class PauseImage : IImageBehavior
{
    private static readonly Lazy<ImageTree> Tree = new(() => new ImageBuilder(StandardImages.Busybox).Program("/pause", "pause").Build());
    private static readonly ProgramCatalog Programs = new([new PauseProgram()], StandardImages.Programs);

    public ContainerImage? Find(ImageReference image, IReadOnlyList<int> ports) => image.Name != "pause" && !image.Name.StartsWith("pause-", StringComparison.Ordinal)
        ? null
        : new ContainerImage
        {
            Files = Tree.Value,
            Programs = Programs,
            Entrypoint = ["/pause"],
            Environment = StandardImages.Environment,
            User = new Credentials(65_535, 65_535, []),
            RunsWhenAsked = true,
        };
}
