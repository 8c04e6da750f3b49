using Orleans.StatefulSets.Workloads.Files;

namespace Orleans.StatefulSets.Workloads.Sandboxes;

/// <summary>A container's first process, as somebody sees it who attached to it.</summary>
internal sealed class AttachedProcess(PodSandbox sandbox, ContainerInstance instance, OutputQueue output, bool typing) : PodProcess(sandbox, output)
{
    public override int? ExitCode => instance.End is null ? null : 0;

    private protected override int TypedAtOnce => instance.TypedAtOnce;

    private protected override async ValueTask TypeAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        try
        {
            await (typing ? instance.TypeAsync(bytes, cancellation) : default);
        }
        catch (FileException)
        {
            // It reads no more: what is typed is lost, as into a pipe that a runtime keeps.
        }
    }

    private protected override ValueTask EndTypingAsync() => typing ? instance.EndInputAsync() : default;

    private protected override void Resize(int columns, int rows) => instance.Resize(columns, rows);

    private protected override ValueTask LeaveAsync()
    {
        instance.Detach(Output);
        return EndTypingAsync();
    }
}
