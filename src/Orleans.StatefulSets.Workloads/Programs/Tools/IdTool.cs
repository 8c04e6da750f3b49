namespace Orleans.StatefulSets.Workloads.Programs.Tools;

/// <summary>id, whoami, groups: whom a process acts for.</summary>
internal sealed class IdTool() : Tool("ugGnr user=u group=g groups=G name=n real=r", "[-ugGnr] [USER]", "id", "whoami", "groups")
{
    public override string UsageOf(string name) => name switch { "whoami" => "", "groups" => "[USER]", _ => base.UsageOf(name) };

    protected override async ValueTask RunAsync(ToolCall call)
    {
        var accounts = await Accounts.ReadAsync(call);
        if (call.Operands.Count > (call.Name == "whoami" ? 0 : 1))
        {
            throw new UsageException();
        }

        var (uid, gid, groups) = Who(call, accounts);
        if (call.Name == "whoami")
        {
            await (accounts.UserName(uid) is { } name ? call.WriteLineAsync(name) : call.FailAsync($"unknown uid {uid}"));
            return;
        }

        var names = call.Has('n') || call.Name == "groups";
        string User(int id) => names ? accounts.UserName(id) ?? $"{id}" : $"{id}";
        string Group(int id) => names ? accounts.GroupName(id) ?? $"{id}" : $"{id}";
        await call.WriteLineAsync((call.Name == "groups" ? 'G' : call.Options.LastOf("ugG")) switch
        {
            'u' => User(uid),
            'g' => Group(gid),
            'G' => string.Join(' ', groups.Select(Group)),
            _ => Whole(accounts, uid, gid, groups),
        });
    }

    private static (int Uid, int Gid, List<int> Groups) Who(ToolCall call, Accounts accounts)
    {
        if (call.Operands.Count == 0)
        {
            var by = call.By.Credentials;
            return (by.Uid, by.Gid, [.. by.Groups.Prepend(by.Gid).Distinct()]);
        }

        var user = call.Operands[0];
        var uid = accounts.Uid(user) ?? throw new UsageException($"unknown user {user}", withUsage: false);
        var gid = accounts.GroupOf(user) ?? 0;
        return (uid, gid, [.. accounts.GroupsOf(user).Prepend(gid).Distinct()]);
    }

    private static string Whole(Accounts accounts, int uid, int gid, List<int> groups)
    {
        string Shown(int id, string? name) => name is null ? $"{id}" : $"{id}({name})";
        var text = $"uid={Shown(uid, accounts.UserName(uid))} gid={Shown(gid, accounts.GroupName(gid))}";
        return $"{text} groups={string.Join(',', groups.Select(id => Shown(id, accounts.GroupName(id))))}";
    }
}
