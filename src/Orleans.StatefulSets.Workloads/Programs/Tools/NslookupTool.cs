using System.Net;

namespace Orleans.StatefulSets.Workloads.Programs.Tools;

/// <summary>nslookup, as busybox 1.28 prints it.</summary>
internal sealed class NslookupTool() : Tool("", "[HOST] [SERVER]", "nslookup")
{
    /// <summary>Options of later versions say which type is asked; they are left out here, as A is what is shown.</summary>
    protected override List<string> Prepare(List<string> arguments) =>
        [.. arguments.Where(argument => !argument.StartsWith("-type=", StringComparison.Ordinal) && !argument.StartsWith("-q", StringComparison.Ordinal) && argument != "-debug")];

    protected override async ValueTask RunAsync(ToolCall call)
    {
        if (call.Operands.Count is 0 or > 2)
        {
            throw new UsageException();
        }

        var name = call.Operands[0];
        var server = call.Operands.ElementAtOrDefault(1) ?? (await NetworkCall.SettingsAsync(call)).Servers.FirstOrDefault() ?? "127.0.0.1";
        await call.WriteAsync($"Server:    {server}\n");
        await ShowAsync(call, IPAddress.TryParse(server, out var address) ? [address] : await NetworkCall.ResolveAsync(call, server, call.Process.Killed));
        await call.WriteAsync("\n");
        await call.FlushAsync();
        var found = await NetworkCall.ResolveAsync(call, name, call.Process.Killed);
        if (found.Count == 0)
        {
            await call.FailAsync($"can't resolve '{name}'");
            return;
        }

        await call.WriteAsync($"Name:      {name}\n");
        await ShowAsync(call, found);
    }

    private static async ValueTask ShowAsync(ToolCall call, IReadOnlyList<IPAddress> addresses)
    {
        for (var index = 0; index < addresses.Count; index++)
        {
            var name = await NetworkCall.NameOfAsync(call, addresses[index]);
            await call.WriteAsync($"Address {index + 1}: {addresses[index]}{(name is null ? "" : " " + name)}\n");
        }
    }
}
