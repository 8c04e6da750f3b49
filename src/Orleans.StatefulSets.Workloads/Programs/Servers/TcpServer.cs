using Orleans.StatefulSets.Workloads.Files;
using Orleans.StatefulSets.Workloads.Network;
using Orleans.StatefulSets.Workloads.Processes;

namespace Orleans.StatefulSets.Workloads.Programs.Servers;

/// <summary>
/// A program that serves TCP connections until it is told to stop: binds its ports, serves each client for itself, ends with status 0 on
/// TERM, INT and QUIT. What a server of one's own needs beside it is what it says to one client.
/// </summary>
/// <param name="process">The process that it runs in.</param>
public sealed class TcpServer(Process process)
{
    /// <summary>Most connections at once; whoever comes then is turned away.</summary>
    public int MostConnections { get; init; } = 512;

    /// <summary>Whether clients that are being served when the server is told to stop are served to their end.</summary>
    public bool FinishesWhatItBegan { get; init; }

    /// <summary>Serves until a signal says to stop.</summary>
    /// <param name="ports">What it listens on; with none it waits.</param>
    /// <param name="serve">Talks to one client; its connection closes when this returns or fails with what a client may cause (<see cref="FileException"/>).</param>
    /// <returns>The exit status: 0, or 1 where a port is taken, which it says.</returns>
    public async ValueTask<int> RunAsync(IReadOnlyList<int> ports, Func<TcpCaller, ValueTask> serve)
    {
        var stop = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        process.SignalHandler = signal => Stops(signal) && (stop.TrySetResult() || true);
        using var connections = new Connections(process, MostConnections);
        var listeners = new List<IPodListener>();
        using var closing = CancellationTokenSource.CreateLinkedTokenSource(process.Killed);
        try
        {
            foreach (var port in ports)
            {
                if (await ListenAsync(port) is not { } listener)
                {
                    return 1;
                }

                listeners.Add(listener);
            }

            var accepting = listeners.Select((listener, index) => AcceptAsync(listener, ports[index], connections, serve, closing.Token)).ToList();
            await await Task.WhenAny([stop.Task, connections.Broken, .. accepting]).WaitAsync(process.Killed);
            await closing.CancelAsync();
            await Task.WhenAll(accepting);
            await (FinishesWhatItBegan ? connections.DrainAsync() : Task.CompletedTask);
            return 0;
        }
        finally
        {
            listeners.ForEach(listener => listener.Dispose());
            await connections.EndAsync();
        }
    }

    internal static bool Stops(int signal) => signal is Signals.Terminate or Signals.Interrupt or Signals.Quit;

    private async ValueTask<IPodListener?> ListenAsync(int port)
    {
        try
        {
            return process.Container.Network.Listen(port);
        }
        catch (FileException failure)
        {
            await process.ComplainAsync($"bind() to 0.0.0.0:{port} failed ({(int)failure.Code}: {failure.Message})\n");
            return null;
        }
    }

    private async Task AcceptAsync(IPodListener listener, int port, Connections connections, Func<TcpCaller, ValueTask> serve, CancellationToken closing)
    {
        try
        {
            while (true)
            {
                var (file, from) = await listener.AcceptAsync(closing);
                if (!connections.TryServe(file, from, port, serve))
                {
                    await file.CloseAsync();
                }

                await process.StepAsync();
            }
        }
        catch (OperationCanceledException) when (closing.IsCancellationRequested)
        {
            // It was told to stop.
        }
    }
}
