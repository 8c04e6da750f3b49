using Orleans.StatefulSets.Workloads.Files;
using Orleans.StatefulSets.Workloads.Programs;
using Orleans.StatefulSets.Workloads.Programs.Servers;

namespace Orleans.StatefulSets.Workloads.Images.Behaviors;

/// <summary>Anything else: a server on the ports that the container declares, with the shell and its tools.</summary>
internal sealed class StandInImage : IImageBehavior
{
    private const string Server = "/usr/local/bin/server";
    private static readonly Lazy<ImageTree> Tree = new(() => new ImageBuilder(StandardImages.Debian).Program(Server, "server").Build());

    public ContainerImage Find(ImageReference image, IReadOnlyList<int> ports) => new()
    {
        Files = Tree.Value,
        Programs = new ProgramCatalog([new StandInProgram(ports)], StandardImages.Programs),
        Entrypoint = [Server],
        Environment = StandardImages.Environment,
        RunsWhenAsked = true,
        IsStandIn = true,
    };

    ContainerImage? IImageBehavior.Find(ImageReference image, IReadOnlyList<int> ports) => Find(image, ports);
}
