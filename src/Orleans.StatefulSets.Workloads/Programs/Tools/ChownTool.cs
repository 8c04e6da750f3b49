using Orleans.StatefulSets.Workloads.Files;

namespace Orleans.StatefulSets.Workloads.Programs.Tools;

/// <summary>chown and chgrp: change owner and group.</summary>
internal sealed class ChownTool() : Tool("RhvcfLHP recursive=R no-dereference=h", "[-Rh]... USER[:[GRP]] FILE...", "chown", "chgrp")
{
    public override string UsageOf(string name) => name == "chgrp" ? "[-Rh]... GROUP FILE..." : base.UsageOf(name);

    protected override async ValueTask RunAsync(ToolCall call)
    {
        if (call.Operands.Count < 2)
        {
            throw new UsageException();
        }

        var change = await ParseAsync(call, call.Operands[0]);
        foreach (var path in call.Operands.Skip(1))
        {
            await ChangeAsync(call, path, change);
        }
    }

    private static async ValueTask<AttributeChange> ParseAsync(ToolCall call, string text)
    {
        var accounts = await Accounts.ReadAsync(call);
        var colon = call.Name == "chgrp" ? -2 : text.IndexOf(':', StringComparison.Ordinal);
        if (colon == -1)
        {
            colon = accounts.UidOf(text) is null ? text.IndexOf('.', StringComparison.Ordinal) : -1;
        }

        var user = colon switch { -2 => "", -1 => text, _ => text[..colon] };
        var group = colon switch { -2 => text, -1 => "", _ => text[(colon + 1)..] };
        int? uid = user.Length == 0 ? null : accounts.UidOf(user) ?? throw new UsageException($"unknown user {user}", withUsage: false);
        int? gid = group.Length == 0 ? null : accounts.GidOf(group) ?? throw new UsageException($"unknown group {group}", withUsage: false);
        if (colon >= 0 && group.Length == 0 && user.Length > 0)
        {
            gid = accounts.GroupOf(user);
        }

        return new AttributeChange { Uid = uid, Gid = gid };
    }

    private static async ValueTask ChangeAsync(ToolCall call, string path, AttributeChange change)
    {
        await call.Process.StepAsync();
        var follow = !call.Options.HasAny("hR");
        FileNode? node = null;
        if (!await call.TryAsync(async () => node = await call.Files.ChangeAsync(call.By, path, change, follow), error => $"{path}: {error}"))
        {
            return;
        }

        if (call.Has('R') && node!.IsDirectory)
        {
            IReadOnlyList<DirectoryEntry> entries = [];
            await call.TryAsync(async () => entries = await call.Files.ListAsync(call.By, path), error => $"{path}: {error}");
            foreach (var entry in entries)
            {
                await ChangeAsync(call, ToolCall.Join(path, entry.Name), change);
            }
        }
    }
}
