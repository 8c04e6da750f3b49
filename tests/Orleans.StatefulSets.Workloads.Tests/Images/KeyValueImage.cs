using Orleans.StatefulSets.Workloads.Files;
using Orleans.StatefulSets.Workloads.Images;
using Orleans.StatefulSets.Workloads.Processes;
using Orleans.StatefulSets.Workloads.Programs;
using Orleans.StatefulSets.Workloads.Programs.Servers;
using Orleans.StatefulSets.Workloads.Text;

namespace Orleans.StatefulSets.Workloads.Tests.Images;

/// <summary>An image of one's own: a key-value server, one file a key in /data. With a volume there, values outlive the pod.</summary>
public sealed class KeyValueImage : IImageBehavior
{
    private static readonly ImageTree Files = new ImageBuilder(StandardImages.Alpine).Program("/usr/local/bin/kv", "kv").Directory("/data").Build();
    private static readonly ProgramCatalog Programs = new([new KeyValueServer()], StandardImages.Programs);

    public ContainerImage? Find(ImageReference image, IReadOnlyList<int> ports) => image.Name != "kv" ? null : new ContainerImage
    {
        Files = Files,
        Programs = Programs,
        Entrypoint = ["kv"],
        RunsWhenAsked = true,
    };
}

/// <summary>The server: <c>SET key value</c> and <c>GET key</c>, a line each, on port 6380.</summary>
public sealed class KeyValueServer : IProgram
{
    private const int MostValueBytes = 8192;

    public IReadOnlyList<string> Names => ["kv"];

    public ValueTask<int> RunAsync(Process process) => new TcpServer(process).RunAsync([6380], async caller =>
    {
        while (await caller.ReadLineAsync() is { } line)
        {
            await caller.WriteAsync(await AnswerAsync(process, line.Split(' ', 3)) + "\n");
        }
    });

    private static async ValueTask<string> AnswerAsync(Process process, string[] words)
    {
        var files = process.Container.Files;
        try
        {
            switch (words)
            {
                case ["SET", var key, var value] when !key.Contains('/'):
                    await files.WriteAllAsync(process.Caller, $"/data/{key}", ByteText.ToBytes(value));
                    await files.FlushAsync();
                    return "OK";
                case ["GET", var key] when !key.Contains('/'):
                    return ByteText.FromBytes(await files.ReadAllAsync(process.Caller, $"/data/{key}", MostValueBytes));
                default:
                    return "ERR SET key value, or GET key";
            }
        }
        catch (FileException failure)
        {
            return failure.Code == Errno.ENOENT ? "(nil)" : $"ERR {failure.Message}";
        }
    }
}
