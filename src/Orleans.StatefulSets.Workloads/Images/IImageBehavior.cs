namespace Orleans.StatefulSets.Workloads.Images;

/// <summary>
/// How images of some names behave. The first behavior that knows a name makes the container; add one of your own to emulate your own
/// server: hand it to the <see cref="ImageCatalog"/>, where it stands before those that come with this project.
/// <para>
/// A behavior needs a program (<see cref="Programs.IProgram"/>): what the server does, in one process, with the container's files and the
/// pod's network. <see cref="Programs.Servers.TcpServer"/> does all that servers have in common, so that what remains is what is said to
/// one client. And it needs files: what is in the image, with an executable file that runs the program
/// (<see cref="Files.ImageBuilder.Program"/>). What the program writes goes to the container's own layer, and to a volume where one is
/// mounted: there the next pod of the same identity finds it. A key-value server, whole:
/// </para>
/// <code>
/// public sealed class KeyValueImage : IImageBehavior
/// {
///     public ContainerImage? Find(ImageReference image, IReadOnlyList&lt;int&gt; ports) => image.Name != "kv" ? null : new ContainerImage
///     {
///         Files = new ImageBuilder(StandardImages.Alpine).Program("/usr/local/bin/kv", "kv").Directory("/data").Build(),
///         Programs = new ProgramCatalog([new KeyValueServer()], StandardImages.Programs),
///         Entrypoint = ["kv"],
///     };
/// }
///
/// public sealed class KeyValueServer : IProgram
/// {
///     public IReadOnlyList&lt;string&gt; Names => ["kv"];
///
///     public ValueTask&lt;int&gt; RunAsync(Process process) => new TcpServer(process).RunAsync([6380], async caller =>
///     {
///         while (await caller.ReadLineAsync() is { } line)
///         {
///             await caller.WriteAsync(await AnswerAsync(process, line.Split(' ', 3)) + "\n");
///         }
///     });
///
///     private static async ValueTask&lt;string&gt; AnswerAsync(Process process, string[] words) { … process.Container.Files … }
/// }
/// </code>
/// <para>It holds no state: one instance serves every container of every pod, from any thread.</para>
/// </summary>
public interface IImageBehavior
{
    /// <summary>
    /// The image that a container is made from, or null where the name is none of this behavior's. Asked once for a name and what ports
    /// go with it; all such containers share the answer.
    /// </summary>
    /// <param name="image">The image's name: <see cref="ImageReference.Name"/> is <c>nginx-slim</c> of <c>k8s.gcr.io/nginx-slim:0.8</c>.</param>
    /// <param name="ports">The TCP ports that the container declares, ascending.</param>
    ContainerImage? Find(ImageReference image, IReadOnlyList<int> ports);
}
