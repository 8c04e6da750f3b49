using System.Collections.Concurrent;
using Orleans.StatefulSets.Workloads.Files;
using Orleans.StatefulSets.Workloads.Programs;
using Orleans.StatefulSets.Workloads.Programs.Servers.Small;

namespace Orleans.StatefulSets.Workloads.Images.Behaviors;

/// <summary>Small servers of examples: http-echo, whoami, hello-app, echoserver, serve_hostname.</summary>
internal sealed class SmallServerImage : IImageBehavior
{
    private static readonly Dictionary<string, (string Path, Func<string?, IProgram> Program)> Known = new(StringComparer.Ordinal)
    {
        ["http-echo"] = ("/http-echo", _ => new HttpEchoProgram()),
        ["whoami"] = ("/whoami", _ => new WhoamiProgram()),
        ["hello-app"] = ("/hello-app", tag => new HelloAppProgram(tag ?? "1.0")),
        ["echoserver"] = ("/usr/local/bin/echoserver", _ => new EchoServerProgram()),
        ["serve_hostname"] = ("/serve_hostname", _ => new ServeHostnameProgram()),
    };

    private readonly ConcurrentDictionary<string, ImageTree> trees = new(StringComparer.Ordinal);

    public ContainerImage? Find(ImageReference image, IReadOnlyList<int> ports)
    {
        if (!Known.TryGetValue(image.Name, out var known))
        {
            return null;
        }

        var program = known.Program(image.Tag);
        return new ContainerImage
        {
            Files = trees.GetOrAdd(image.Name, _ => new ImageBuilder(StandardImages.Alpine).Program(known.Path, program.Names[0]).Build()),
            Programs = new ProgramCatalog([program], StandardImages.Programs),
            Entrypoint = [known.Path],
            Environment = StandardImages.Environment,
            RunsWhenAsked = image.Name is "whoami" or "hello-app" or "echoserver" or "serve_hostname",
        };
    }
}
