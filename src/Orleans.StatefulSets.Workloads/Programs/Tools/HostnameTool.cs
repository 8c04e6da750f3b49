namespace Orleans.StatefulSets.Workloads.Programs.Tools;

/// <summary>hostname: the pod's name.</summary>
internal sealed class HostnameTool() : Tool("sidfF: short=s ip-address=i domain=d fqdn=f", "[-sidf] [HOSTNAME | -F FILE]", "hostname")
{
    protected override async ValueTask RunAsync(ToolCall call)
    {
        if (call.Operands.Count > 0 || call.Has('F'))
        {
            throw new UsageException("sethostname: Operation not permitted", withUsage: false);
        }

        var name = call.Process.Container.HostName;
        await call.WriteLineAsync(call.Options.LastOf("sidf") switch
        {
            's' => name.Split('.')[0],
            'i' => call.Process.Container.Network.Address?.ToString() ?? "127.0.0.1",
            'd' => name.Contains('.') ? name[(name.IndexOf('.') + 1)..] : "",
            'f' => await FullNameAsync(call, name),
            _ => name,
        });
    }

    /// <summary>The name that /etc/hosts gives for it first.</summary>
    private static async ValueTask<string> FullNameAsync(ToolCall call, string name) =>
        (await Network.NameResolver.HostsAsync(call.Files, call.By)).FirstOrDefault(line => line.Names.Contains(name)).Names?[0] ?? name;
}
