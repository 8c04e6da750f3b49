namespace Orleans.StatefulSets.Workloads.Programs.Tools;

/// <summary>cp: copies files.</summary>
internal sealed class CpTool() : Tool(
    "arRPLHpdfinlsTut:v archive=a recursive=r force=f interactive=i link=l dereference=L no-dereference=P no-target-directory=T target-directory=t update=u verbose=v symbolic-link=s remove-destination=f parents=d",
    "[-arPLHpfinlsTu] SOURCE DEST\n   or: cp [-arPLHpfinlsu] SOURCE... { -t DIRECTORY | DIRECTORY }",
    "cp")
{
    protected override async ValueTask RunAsync(ToolCall call)
    {
        var options = call.Options;
        var copy = new FileCopy(call)
        {
            Recursive = options.HasAny("arR"),
            Follow = options.LastOf("LPadH") == 'L' || !options.HasAny("arRdPH"),
            FollowFirst = options.LastOf("LPad") == 'L' || options.Has('H') || !options.HasAny("arRdP"),
            Preserve = options.HasAny("ap"),
            NoReplace = options.LastOf("nif") == 'n',
            Ask = options.LastOf("nif") == 'i',
            OnlyNewer = options.Has('u'),
            Force = options.Has('f'),
            Verbose = options.Has('v'),
            HardLink = options.Has('l'),
            SoftLink = options.Has('s'),
        };
        await Goals.ForEachAsync(call, async (from, to) => await copy.CopyAsync(from, to));
    }
}
