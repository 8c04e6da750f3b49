using k8s.Models;
using Microsoft.Extensions.Logging;
using Orleans.StatefulSets.Api.Streams.Upgrades;
using Orleans.StatefulSets.Grains.Streaming;

namespace Orleans.StatefulSets.Api.Streams.Commands;

/// <summary>Carries bytes between a client and a process until one of them ends. Neither is read faster than the other takes it.</summary>
/// <param name="client">The client.</param>
/// <param name="process">The process.</param>
/// <param name="isExec">The process was started for the client; else it runs anyway.</param>
/// <param name="isTerminal">The client shows the process in a terminal.</param>
/// <param name="wall">The host's clock.</param>
/// <param name="logger">Learns of processes that could not be followed to their end.</param>
internal sealed partial class CommandSession(
    IRemoteCommandClient client, IPodProcess process, bool isExec, bool isTerminal, TimeProvider wall, ILogger logger)
{
    // When all has been said, a slow client may still be reading what lies in the connection: closing it would take that away from it.
    private static readonly TimeSpan LeavePatience = TimeSpan.FromMinutes(15);

    // kubectl sends the size of its terminal a moment after it has begun, and complains where the session is over by then.
    private static readonly TimeSpan SizePatience = TimeSpan.FromMilliseconds(500);

    private readonly TaskCompletionSource sized = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Runs until the client has been told the end, or has gone.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(client.Gone, cancellation);
        try
        {
            var status = await FollowAsync(ending.Token);
            await client.FinishAsync(status, ending.Token);

            // Not before: a server that leaves waits for processes, and the end of this one is told by now.
            await process.DisposeAsync();
            await Task.Delay(LeavePatience, wall, ending.Token);
        }
        catch (Exception failure) when (ending.IsCancellationRequested || ConnectionEnd.Is(failure))
        {
            // The client has gone, or the server stops.
        }
    }

    /// <summary>Tells a client the end, and waits until it has taken it and gone.</summary>
    public static async Task FinishAsync(IRemoteCommandClient client, V1Status status, TimeProvider wall, CancellationToken cancellation)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(client.Gone, cancellation);
        try
        {
            await client.FinishAsync(status, ending.Token);
            await Task.Delay(LeavePatience, wall, ending.Token);
        }
        catch (Exception failure) when (ending.IsCancellationRequested || ConnectionEnd.Is(failure))
        {
            // It has gone, or the server stops.
        }
    }

    private async Task<V1Status> FollowAsync(CancellationToken ending)
    {
        using var input = CancellationTokenSource.CreateLinkedTokenSource(ending);
        var carrying = Task.WhenAll(TypeAsync(input.Token), ResizeAsync(input.Token));
        try
        {
            while (await ReadAsync(ending) is { } output)
            {
                await client.SendAsync(output.IsError, output.Bytes, ending);
            }

            if (isTerminal)
            {
                await Task.WhenAny(sized.Task, Task.Delay(SizePatience, wall, ending));
            }

            return process.End is { Failure: null } end ? RemoteCommandStatus.Exited(end.ExitCode) : Failed(process.End?.Failure ?? "the process was lost");
        }
        catch (ProcessLostException lost)
        {
            LogLost(logger, lost.InnerException!);
            return Failed(lost.Message);
        }
        finally
        {
            await input.CancelAsync();
            await carrying;
        }
    }

    // What fails between this server and the node is told to the client; what fails between this server and the client is its end.
    private async ValueTask<ProcessOutput?> ReadAsync(CancellationToken ending)
    {
        try
        {
            return await process.ReadAsync(ending);
        }
        catch (Exception failure) when (!ending.IsCancellationRequested)
        {
            throw new ProcessLostException(failure);
        }
    }

    private async Task TypeAsync(CancellationToken ending)
    {
        if (client.Stdin is not { } stdin)
        {
            return;
        }

        try
        {
            while (true)
            {
                var read = await stdin.ReadAsync(ending);
                foreach (var piece in read.Buffer)
                {
                    await process.WriteAsync(piece, ending);
                }

                stdin.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted)
                {
                    break;
                }
            }

            ending.ThrowIfCancellationRequested();
            await process.EndInputAsync(ending);
        }
        catch (Exception failure)
        {
            IgnoreInput(failure, ending);
        }
    }

    private async Task ResizeAsync(CancellationToken ending)
    {
        try
        {
            await foreach (var size in client.Sizes.ReadAllAsync(ending))
            {
                sized.TrySetResult();
                await process.ResizeAsync(size.Width, size.Height, ending);
            }
        }
        catch (Exception failure)
        {
            IgnoreInput(failure, ending);
        }
    }

    // A process that takes no input any more is about to end, or is lost: whoever reads its output learns which.
    private void IgnoreInput(Exception failure, CancellationToken ending)
    {
        if (!ending.IsCancellationRequested)
        {
            LogInput(logger, failure);
        }
    }

    private V1Status Failed(string why) =>
        RemoteCommandStatus.Failed($"{(isExec ? "error executing command in container" : "error attaching to container")}: {why}");

    [LoggerMessage(Level = LogLevel.Warning, Message = "A process in a pod could not be followed to its end")]
    private static partial void LogLost(ILogger logger, Exception error);

    [LoggerMessage(Level = LogLevel.Debug, Message = "A process in a pod took no more input")]
    private static partial void LogInput(ILogger logger, Exception error);

    private sealed class ProcessLostException(Exception why) : Exception(why.Message, why);
}
