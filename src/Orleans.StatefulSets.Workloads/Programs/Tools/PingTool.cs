using System.Globalization;

namespace Orleans.StatefulSets.Workloads.Programs.Tools;

/// <summary>ping: whether an address answers.</summary>
internal sealed class PingTool() : Tool("c:W:w:i:s:t:I:q46Anp:", "[OPTIONS] HOST", "ping")
{
    protected override async ValueTask RunAsync(ToolCall call)
    {
        if (call.Operands.Count != 1)
        {
            throw new UsageException();
        }

        var host = call.Operands[0];
        var addresses = await NetworkCall.ResolveAsync(call, host, call.Process.Killed);
        if (addresses.Count == 0)
        {
            throw new UsageException($"bad address '{host}'", withUsage: false);
        }

        var size = call.Value('s') is { } text ? ToolCall.Number(text) : 56;
        var count = call.Value('c') is { } number ? ToolCall.Number(number) : long.MaxValue;
        var interval = TimeSpan.FromSeconds(call.Value('i') is { } seconds ? SleepTool.Seconds(seconds) : 1);
        var end = call.Value('w') is { } deadline ? call.Clock.GetUtcNow().AddSeconds(SleepTool.Seconds(deadline)) : DateTimeOffset.MaxValue;
        await call.WriteAsync($"PING {host} ({addresses[0]}): {size} data bytes\n");
        var (sent, times) = (0, new List<double>());
        while (sent < count && call.Clock.GetUtcNow() < end && !(sent > 0 && await WaitAsync(call, interval, end)))
        {
            var took = await call.Process.Container.Network.EchoAsync(addresses[0], call.Process.Killed);
            if (took is { } time)
            {
                times.Add(time.TotalMilliseconds);
                await (call.Has('q') ? default : call.WriteAsync($"{size + 8} bytes from {addresses[0]}: seq={sent} ttl=64 time={Text(time.TotalMilliseconds)} ms\n"));
            }

            sent++;
            await call.FlushAsync();
        }

        if (times.Count == 0)
        {
            await Task.Delay(TimeSpan.FromSeconds(call.Value('W') is { } wait ? SleepTool.Seconds(wait) : 10), call.Clock, call.Process.Killed);
        }

        await call.WriteAsync($"\n--- {host} ping statistics ---\n{sent} packets transmitted, {times.Count} packets received, {(sent == 0 ? 0 : (sent - times.Count) * 100 / sent)}% packet loss\n");
        await (times.Count == 0 ? default : call.WriteAsync($"round-trip min/avg/max = {Text(times.Min())}/{Text(times.Average())}/{Text(times.Max())} ms\n"));
        call.Status = times.Count == 0 ? 1 : 0;
    }

    /// <returns>Whether the deadline came.</returns>
    private static async ValueTask<bool> WaitAsync(ToolCall call, TimeSpan interval, DateTimeOffset end)
    {
        await call.Process.StepAsync();
        await Task.Delay(interval, call.Clock, call.Process.Killed);
        return call.Clock.GetUtcNow() >= end;
    }

    private static string Text(double milliseconds) => milliseconds.ToString("0.000", CultureInfo.InvariantCulture);
}
