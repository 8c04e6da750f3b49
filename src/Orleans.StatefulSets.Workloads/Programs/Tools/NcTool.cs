using Orleans.StatefulSets.Workloads.Files;
using Orleans.StatefulSets.Workloads.Network;
using Orleans.StatefulSets.Workloads.Processes;

namespace Orleans.StatefulSets.Workloads.Programs.Tools;

/// <summary>nc: a TCP connection as input and output.</summary>
internal sealed class NcTool() : Tool("lp:w:zvni:kN", "[-lzv] [-p PORT] [-w SEC] [IPADDR PORT]", "nc")
{
    protected override async ValueTask RunAsync(ToolCall call)
    {
        var seconds = call.Value('w') is { } text ? SleepTool.Seconds(text) : 0;
        try
        {
            if (call.Has('l'))
            {
                await ListenAsync(call, (int)ToolCall.Number(call.Value('p') ?? call.Operands.LastOrDefault() ?? throw new UsageException()), seconds);
                return;
            }

            if (call.Operands.Count != 2)
            {
                throw new UsageException();
            }

            await ConnectAsync(call, call.Operands[0], (int)ToolCall.Number(call.Operands[1]), seconds);
        }
        catch (FileException failure) when (failure.Code == Errno.ETIMEDOUT)
        {
            await call.FailAsync("timed out");
        }
    }

    private static async ValueTask ConnectAsync(ToolCall call, string host, int port, double seconds)
    {
        var addresses = await NetworkCall.ResolveAsync(call, host, call.Process.Killed);
        if (addresses.Count == 0)
        {
            throw new UsageException($"bad address '{host}'", withUsage: false);
        }

        IOpenFile connection;
        try
        {
            connection = await NetworkCall.WithinAsync(call, seconds, cancellation => NetworkCall.ConnectAsync(call, addresses[0], port, cancellation));
        }
        catch (FileException failure) when (failure.Code != Errno.ETIMEDOUT)
        {
            throw new UsageException($"can't connect to remote host ({addresses[0]}): {failure.Message}", withUsage: false);
        }

        await (call.Has('v') ? call.Process.ComplainAsync($"{host} ({addresses[0]}:{port}) open\n") : default);
        await (call.Has('z') ? connection.CloseAsync() : TalkAsync(call, connection));
    }

    private static async ValueTask ListenAsync(ToolCall call, int port, double seconds)
    {
        using var listener = call.Process.Container.Network.Listen(port);
        do
        {
            var (connection, from) = await NetworkCall.WithinAsync(call, seconds, listener.AcceptAsync);
            await (call.Has('v') ? call.Process.ComplainAsync($"connect to [::]:{port} from {from}\n") : default);
            await TalkAsync(call, connection);
        }
        while (call.Has('k'));
    }

    /// <summary>Both ways at once, until the other side ends; the end of standard input ends nothing but what is sent.</summary>
    private static async ValueTask TalkAsync(ToolCall call, IOpenFile connection)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(call.Process.Killed);
        var sending = SendAsync(call, connection, ended.Token);
        var buffer = new byte[16_384];
        int count;
        while ((count = await connection.ReadAsync(buffer, call.Process.Killed)) > 0)
        {
            await call.WriteAsync(buffer.AsMemory(0, count));
            await call.FlushAsync();
        }

        await ended.CancelAsync();
        await sending;
        await connection.CloseAsync();
    }

    private static async Task SendAsync(ToolCall call, IOpenFile connection, CancellationToken cancellation)
    {
        try
        {
            var buffer = new byte[16_384];
            int count;
            while (call.Process.Input is { } input && (count = await input.ReadAsync(buffer, cancellation)) > 0)
            {
                await connection.WriteAsync(buffer.AsMemory(0, count), cancellation);
            }

            (connection as IHalfClosable)?.EndWriting();
        }
        catch (Exception failure) when (failure is OperationCanceledException or FileException)
        {
            // The other side ended first.
        }
    }
}
