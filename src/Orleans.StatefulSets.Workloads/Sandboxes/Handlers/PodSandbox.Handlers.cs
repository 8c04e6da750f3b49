using System.Globalization;
using System.Net;
using k8s.Models;
using Orleans.StatefulSets.Workloads.Files;
using Orleans.StatefulSets.Workloads.Processes;
using Orleans.StatefulSets.Workloads.Text;

namespace Orleans.StatefulSets.Workloads.Sandboxes;

/// <content>Probes and lifecycle hooks, as a kubelet carries them out.</content>
public sealed partial class PodSandbox
{
    private const int HandlerOutputBytes = 10 * 1024;

    private static readonly HandlerOutcome NotRunning = new(false, "container not running");

    /// <summary>
    /// A processor does not get faster with the simulated clock: whatever the time-out comes to on the host's clock, the host gets this
    /// much to do the work itself.
    /// </summary>
    private static readonly TimeSpan HostsShare = TimeSpan.FromMilliseconds(100);

    /// <summary>Carries out a probe or hook in a container.</summary>
    /// <param name="spec">The container.</param>
    /// <param name="handler">What is done.</param>
    /// <param name="timeout">How long it may take, simulated time; null without a bound.</param>
    public Task<HandlerOutcome> HandleAsync(V1Container spec, PodHandler handler, TimeSpan? timeout) => OnSchedulerAsync(async () =>
    {
        if (Find(spec.Name) is not { } instance)
        {
            return NotRunning;
        }

        using var late = CancellationTokenSource.CreateLinkedTokenSource(instance.Ending);
        var work = CarryOutAsync(instance, spec, handler, late.Token);
        if (timeout is { } bound)
        {
            try
            {
                await work.WaitAsync(bound, pod.Clock);
            }
            catch (TimeoutException)
            {
                await Task.WhenAny(work, Task.Delay(HostsShare, pod.Wall));
            }

            if (!work.IsCompleted)
            {
                await late.CancelAsync();
                return new HandlerOutcome(false, LateText(handler, spec, bound));
            }
        }

        return await work;
    });

    /// <summary>What a probe comes to that is not answered in time, without asking anybody.</summary>
    public HandlerOutcome Unanswered(V1Container spec, PodHandler handler, TimeSpan timeout) => new(false, LateText(handler, spec, timeout));

    // Whatever comes of it is an outcome: whoever asked has more to do than to ask.
    private async Task<HandlerOutcome> CarryOutAsync(ContainerInstance instance, V1Container spec, PodHandler handler, CancellationToken late)
    {
        try
        {
            return await HandleAsync(instance, spec, handler, late);
        }
        catch (OperationCanceledException)
        {
            return NotRunning;
        }
        catch (FileException failure)
        {
            return new HandlerOutcome(false, failure.Message.ToLowerInvariant());
        }
    }

    private async Task<HandlerOutcome> HandleAsync(ContainerInstance instance, V1Container spec, PodHandler handler, CancellationToken late)
    {
        if (handler.Exec is { } exec)
        {
            return await RunHandlerAsync(instance, exec, late);
        }

        if (handler.Sleep is { } sleep)
        {
            await Task.Delay(TimeSpan.FromSeconds(sleep.Seconds), pod.Clock, late);
            return new HandlerOutcome(true, "");
        }

        if (handler.HttpGet is { } http)
        {
            return await AskAsync(spec, http, late);
        }

        var (port, host) = handler.TcpSocket is { } tcp ? (PortOf(spec, tcp.Port), tcp.Host) : (handler.Grpc?.Port, null);
        return port is not { } number ? new HandlerOutcome(false, "missing probe handler")
            : handler.Grpc is not null && !instance.Setup.Image.IsStandIn ? NoGrpc(number)
            : await OpenAsync(number, host, isGrpc: handler.Grpc is not null, late);
    }

    private async Task<HandlerOutcome> RunHandlerAsync(ContainerInstance instance, V1ExecAction exec, CancellationToken late)
    {
        var sink = new HandlerOutput(HandlerOutputBytes);
        var files = new Descriptors(pod.Limits.OpenFiles);
        files.Add(new NullFile());
        files.Add(sink);
        files.Add(sink);
        var process = instance.Table.New(instance.Container, instance.Setup.User, files, instance.Setup.Environment);
        process.WorkingDirectory = instance.Setup.WorkingDirectory;
        string? problem = null;
        await using var killing = late.Register(() => _ = SignalLateAsync(process));
        var status = await instance.Table.RunAsync(process, async started =>
        {
            problem = await ProgramStart.PrepareAsync(started, [.. (exec.Command ?? []).Select(ByteText.FromText)]);
            return problem is null ? 0 : ProgramStart.FailedExitCode;
        });
        return problem is not null
            ? new HandlerOutcome(false, $"rpc error: code = Unknown desc = failed to exec in container: failed to start exec: OCI runtime exec failed: exec failed: unable to start container process: {problem}: unknown")
            : new HandlerOutcome(status == 0, sink.Text);
    }

    private Task SignalLateAsync(Process process) => OnSchedulerAsync(() =>
    {
        process.Send(Signals.Kill);
        return default;
    });

    private async Task<HandlerOutcome> AskAsync(V1Container spec, V1HTTPGetAction http, CancellationToken late)
    {
        var scheme = (http.Scheme ?? "HTTP").ToLowerInvariant();
        if (PortOf(spec, http.Port) is not { } port)
        {
            return new HandlerOutcome(false, $"invalid port: {http.Port?.Value}");
        }

        var (host, path, url) = (HostOf(http.Host), PathOf(http), UrlOf(http, port));
        try
        {
            var connection = await ConnectAsync(port, host, late);
            try
            {
                var answer = await ProbeRequest.SendAsync(connection, host, port, path, http.HttpHeaders ?? [], late);
                return scheme == "https"
                    ? new HandlerOutcome(false, $"Get \"{url}\": http: server gave HTTP response to HTTPS client")
                    : answer is null ? new HandlerOutcome(false, $"Get \"{url}\": EOF")
                    : new HandlerOutcome(answer is >= 200 and < 400, string.Create(CultureInfo.InvariantCulture, $"HTTP probe failed with statuscode: {answer}"));
            }
            finally
            {
                await connection.CloseAsync();
            }
        }
        catch (FileException failure)
        {
            return new HandlerOutcome(false, $"Get \"{url}\": {DialText(host, port, failure)}");
        }
    }

    private async Task<HandlerOutcome> OpenAsync(int port, string? given, bool isGrpc, CancellationToken late)
    {
        var host = HostOf(given);
        try
        {
            await (await ConnectAsync(port, host, late)).CloseAsync();
            return new HandlerOutcome(true, "");
        }
        catch (FileException failure)
        {
            var text = DialText(host, port, failure);
            return new HandlerOutcome(false, isGrpc ? $"timeout: failed to connect service \"{host}:{port}\" within 1s: {text}" : text);
        }
    }

    // Only a server that stands in for another is taken to speak what that one does; the emulated ones do not speak gRPC.
    private HandlerOutcome NoGrpc(int port) =>
        new(false, string.Create(CultureInfo.InvariantCulture, $"timeout: failed to connect service \"{pod.Address}:{port}\" within 1s: context deadline exceeded"));

    private async ValueTask<IOpenFile> ConnectAsync(int port, string host, CancellationToken late) =>
        !IPAddress.TryParse(host, out var address) || IPAddress.IsLoopback(address) || address.Equals(pod.Address)
            ? await ports.ConnectAsync(port, new IPEndPoint(pod.Address ?? IPAddress.Loopback, 0), late)
            : await pod.Gateway.ConnectAsync(pod.Address, new IPEndPoint(address, port), late);

    private static string DialText(string host, int port, FileException failure) =>
        string.Create(CultureInfo.InvariantCulture, $"dial tcp {host}:{port}: connect: {failure.Message.ToLowerInvariant()}");

    private string LateText(PodHandler handler, V1Container spec, TimeSpan bound)
    {
        var seconds = bound.TotalSeconds.ToString(CultureInfo.InvariantCulture);
        return handler.Exec is { } exec ? $"command timed out: \"{string.Join(' ', exec.Command ?? [])}\" timed out after {seconds}s"
            : handler.HttpGet is { } http ? $"Get \"{UrlOf(http, PortOf(spec, http.Port))}\": context deadline exceeded (Client.Timeout exceeded while awaiting headers)"
            : handler.TcpSocket is { } tcp ? $"dial tcp {HostOf(tcp.Host)}:{PortOf(spec, tcp.Port)}: i/o timeout"
            : $"timed out after {seconds}s";
    }

    private string HostOf(string? given) => string.IsNullOrEmpty(given) ? pod.Address?.ToString() ?? "127.0.0.1" : given;

    private static string PathOf(V1HTTPGetAction http) => string.IsNullOrEmpty(http.Path) ? "/" : http.Path.StartsWith('/') ? http.Path : "/" + http.Path;

    private string UrlOf(V1HTTPGetAction http, int? port) =>
        string.Create(CultureInfo.InvariantCulture, $"{(http.Scheme ?? "HTTP").ToLowerInvariant()}://{HostOf(http.Host)}:{port}{PathOf(http)}");

    // A port is a number or the name of one of the container's ports.
    private static int? PortOf(V1Container spec, IntOrString? port) =>
        int.TryParse(port?.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : spec.Ports?.FirstOrDefault(named => named.Name == port?.Value)?.ContainerPort;
}
