namespace Orleans.StatefulSets.Acceptance.Tests.Servers;

/// <summary>A disk of a few megabytes that only the programs see that are started on it: a tmpfs in a mount namespace of its own.</summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    // In a user namespace of one's own nobody needs to be root to mount.
    private static readonly string[] Unshare = ["unshare", "--user", "--map-root-user", "--mount"];

    private readonly CapturedProcess holder;
    private readonly DirectoryInfo folder;

    private SmallDisk(CapturedProcess holder, DirectoryInfo folder) => (this.holder, this.folder) = (holder, folder);

    /// <summary>The folder, as programs on the disk call it.</summary>
    public string Path => folder.FullName;

    /// <summary>The folder, as this process reaches it.</summary>
    public string PathFromHere => $"/proc/{holder.Id}/root{Path}";

    /// <summary>The words before a command line that have it run on the disk.</summary>
    public IReadOnlyList<string> Before => ["nsenter", "--user", "--preserve-credentials", "--mount", $"--target={holder.Id}"];

    private string Ballast => System.IO.Path.Combine(PathFromHere, "ballast");

    public static async Task<SmallDisk> MountAsync(int megabytes)
    {
        Requirement.Of(OperatingSystem.IsLinux() && await CanMountAsync(), "mount namespaces");
        var folder = Directory.CreateTempSubdirectory("small-disk-");
        var holder = CapturedProcess.Start(
            Unshare[0],
            [.. Unshare[1..], "sh", "-c", $"mount -t tmpfs -o size={megabytes}m none '{folder.FullName}' && echo mounted && exec sleep 600"],
            new Dictionary<string, string?>());
        await Deadline.WaitAsync(Limit, () => holder.Output.Contains("mounted"), holder.Describe);
        return new SmallDisk(holder, folder);
    }

    /// <summary>Takes all that is free but some bytes.</summary>
    public void Fill(long exceptBytes)
    {
        var room = new DriveInfo(PathFromHere).AvailableFreeSpace;
        using var file = new FileStream(Ballast, FileMode.CreateNew);
        file.Write(new byte[Math.Max(0, room - exceptBytes)]);
    }

    /// <summary>Gives back what was taken.</summary>
    public void Free() => File.Delete(Ballast);

    public async ValueTask DisposeAsync()
    {
        await holder.DisposeAsync();
        folder.Delete();
    }

    private static async Task<bool> CanMountAsync()
    {
        try
        {
            await using var attempt = CapturedProcess.Start(Unshare[0], [.. Unshare[1..], "nsenter", "--version"], new Dictionary<string, string?>());
            return await attempt.WaitForExitAsync(Limit) == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
