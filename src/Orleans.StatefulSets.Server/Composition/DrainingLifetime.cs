using System.Runtime.InteropServices;
using Orleans.StatefulSets.Grains.Streaming;
using Orleans.StatefulSets.Server.Options;

namespace Orleans.StatefulSets.Server.Composition;

/// <summary>
/// The process's life by its signals. Asked to stop it first says so at <c>/readyz</c> and goes on serving for a while, as kube-apiserver
/// does with <c>--shutdown-delay-duration</c>; then nothing is begun in the pods of its nodes any more, and what
/// clients run there is waited for as long again. Asked again, it stops at once.
/// </summary>
internal sealed class DrainingLifetime(IHostApplicationLifetime application, PodSessions sessions, ServerOptions options, TimeProvider wall) : IHostLifetime, IDisposable
{
    private readonly List<PosixSignalRegistration> signals = [];
    private int asked;

    /// <summary>Whether it was asked to stop.</summary>
    public bool IsDraining => asked > 0;

    /// <inheritdoc/>
    public Task WaitForStartAsync(CancellationToken cancellationToken)
    {
        foreach (var signal in (PosixSignal[])[PosixSignal.SIGTERM, PosixSignal.SIGINT, PosixSignal.SIGQUIT])
        {
            signals.Add(PosixSignalRegistration.Create(signal, Ask));
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public void Dispose() => signals.ForEach(signal => signal.Dispose());

    private void Ask(PosixSignalContext signal)
    {
        signal.Cancel = true;
        if (Interlocked.Increment(ref asked) > 1 || options.Drain == TimeSpan.Zero)
        {
            application.StopApplication();
            return;
        }

        _ = StopLaterAsync();
    }

    private async Task StopLaterAsync()
    {
        await Task.Delay(options.Drain, wall);
        await sessions.LeaveAsync(options.Drain);
        application.StopApplication();
    }
}
