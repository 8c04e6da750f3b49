namespace Orleans.StatefulSets.Workloads.Programs.Tools;

/// <summary>uname: the emulated system.</summary>
internal sealed class UnameTool() : Tool("amnrspvio all=a kernel-name=s nodename=n kernel-release=r kernel-version=v machine=m processor=p operating-system=o", "[-amnrspvio]", "uname")
{
    protected override async ValueTask RunAsync(ToolCall call)
    {
        if (call.Operands.Count > 0)
        {
            throw new UsageException();
        }

        (char Letter, string Value)[] parts =
        [
            ('s', "Linux"), ('n', call.Process.Container.HostName), ('r', "6.8.0-emulated"), ('v', "#1 SMP"), ('m', "x86_64"), ('p', "unknown"), ('i', "unknown"), ('o', "GNU/Linux"),
        ];
        var asked = call.Options.All.Count == 0 ? parts[..1] : call.Has('a') ? [.. parts.Where(part => part.Letter is not ('p' or 'i'))] : [.. parts.Where(part => call.Has(part.Letter))];
        await call.WriteLineAsync(string.Join(' ', asked.Select(part => part.Value)));
    }
}
