using System.Net;
using Orleans.StatefulSets.Workloads.Files;
using Orleans.StatefulSets.Workloads.Network;
using Orleans.StatefulSets.Workloads.Processes;

namespace Orleans.StatefulSets.Workloads.Programs.Tools;

/// <summary>What network tools ask: addresses and connections, within a time.</summary>
internal static class NetworkCall
{
    public static ValueTask<IReadOnlyList<IPAddress>> ResolveAsync(ToolCall call, string name, CancellationToken cancellation) =>
        NameResolver.ResolveAsync(call.Process.Container.Network, call.Files, call.By, name, cancellation);

    public static ValueTask<string?> NameOfAsync(ToolCall call, IPAddress address) =>
        NameResolver.NameOfAsync(call.Process.Container.Network, call.Files, call.By, address, call.Process.Killed);

    public static ValueTask<ResolverSettings> SettingsAsync(ToolCall call) => NameResolver.SettingsAsync(call.Files, call.By);

    public static ValueTask<DnsAnswer> QueryAsync(ToolCall call, string name, DnsType type) =>
        call.Process.Container.Network.QueryAsync(new DnsQuestion(name.TrimEnd('.'), type), call.Process.Killed);

    /// <summary>Does something within some seconds of the simulated clock.</summary>
    /// <exception cref="FileException">ETIMEDOUT</exception>
    public static async ValueTask<T> WithinAsync<T>(ToolCall call, double seconds, Func<CancellationToken, ValueTask<T>> action)
    {
        if (seconds <= 0)
        {
            return await action(call.Process.Killed);
        }

        using var timer = new CancellationTokenSource(TimeSpan.FromSeconds(Math.Min(seconds, 1_000_000)), call.Clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, call.Process.Killed);
        try
        {
            return await action(both.Token);
        }
        catch (OperationCanceledException) when (timer.IsCancellationRequested && call.Process.Signal == 0)
        {
            throw new FileException(Errno.ETIMEDOUT);
        }
    }

    public static ValueTask<IOpenFile> ConnectAsync(ToolCall call, IPAddress address, int port, CancellationToken cancellation) =>
        call.Process.Container.Network.ConnectAsync(new IPEndPoint(address, port), cancellation);
}
