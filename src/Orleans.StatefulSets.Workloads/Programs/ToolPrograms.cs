using Orleans.StatefulSets.Workloads.Programs.Tools;

namespace Orleans.StatefulSets.Workloads.Programs;

/// <summary>The tools of a busybox-like image, but for the shell and those that are its builtins, too.</summary>
public static class ToolPrograms
{
    /// <summary>All of them. They hold no state.</summary>
    public static IReadOnlyList<IProgram> All { get; } =
    [
        new Base64Tool(), new BasenameTool(), new BusyboxTool(), new CatTool(), new ChmodTool(), new ChownTool(), new ClearTool(), new CmpTool(), new CommTool(),
        new CpTool(), new CutTool(), new DateTool(), new DdTool(), new DfTool(), new DiffTool(), new DigestTool(), new DirnameTool(), new DuTool(), new EnvTool(),
        new ExpandTool(), new ExprTool(), new FindTool(), new FoldTool(), new FreeTool(), new GrepTool(), new GzipTool(), new HeadTool(), new HexdumpTool(),
        new HostnameTool(), new IdTool(), new KillallTool(), new LnTool(), new LsTool(), new MkdirTool(), new MktempTool(), new MountTool(), new MvTool(),
        new NlTool(), new NohupTool(), new NprocTool(), new OdTool(), new PasteTool(), new PidofTool(), new PrintenvTool(), new PsTool(), new PwdTool(),
        new ReadlinkTool(), new RealpathTool(), new RevTool(), new RmTool(), new RmdirTool(), new SedTool(), new SeqTool(), new SleepTool(), new SortTool(),
        new SplitTool(), new StatTool(), new SyncTool(), new TacTool(), new TailTool(), new TarTool(), new TeeTool(), new TimeTool(), new TimeoutTool(),
        new TouchTool(), new TrTool(), new TruncateTool(), new TtyTool(), new UmountTool(), new UnameTool(), new UniqTool(), new CurlTool(), new DigTool(), new GetentTool(), new HostTool(), new NcTool(), new NslookupTool(), new PingTool(), new WgetTool(),
        new UptimeTool(), new WatchTool(),
        new WcTool(), new WhichTool(), new XargsTool(), new YesTool(),
    ];
}
