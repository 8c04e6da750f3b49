using System.Globalization;
using Orleans.StatefulSets.Workloads.Files;
using Orleans.StatefulSets.Workloads.Processes;
using Orleans.StatefulSets.Workloads.Text;

namespace Orleans.StatefulSets.Workloads.Programs.Servers.Nginx;

/// <summary>The open log files of a configuration. Nobody waits for a log that cannot be written.</summary>
internal sealed class NginxLogs(Process master)
{
    private readonly Dictionary<string, IOpenFile> files = new(StringComparer.Ordinal);

    /// <summary>Opens files that are not open yet.</summary>
    /// <exception cref="NginxConfigException">One can't be.</exception>
    public async ValueTask OpenAsync(IEnumerable<string> paths)
    {
        foreach (var path in paths.Where(path => !files.ContainsKey(path)))
        {
            try
            {
                files[path] = await OpenAsync(path);
            }
            catch (FileException failure)
            {
                throw new NginxConfigException($"open() \"{path}\" failed ({(int)failure.Code}: {failure.Message})");
            }
        }
    }

    /// <summary>Opens all anew, after somebody moved them away.</summary>
    public async ValueTask ReopenAsync()
    {
        var paths = files.Keys.ToList();
        await CloseAsync();
        await OpenAsync(paths);
    }

    public async ValueTask CloseAsync()
    {
        foreach (var file in files.Values)
        {
            await file.CloseAsync();
        }

        files.Clear();
    }

    /// <summary>Adds a line to a file.</summary>
    public async ValueTask WriteAsync(string path, string line)
    {
        try
        {
            if (files.TryGetValue(path, out var file))
            {
                await file.WriteAsync(ByteText.ToBytes(line + "\n"), master.Killed);
            }
        }
        catch (FileException)
        {
            // A full disk, or nobody reads: the request is answered all the same.
        }
    }

    /// <summary>Adds an entry to an error log.</summary>
    /// <param name="target">Where to.</param>
    /// <param name="level">How grave it is.</param>
    /// <param name="by">Who says so.</param>
    /// <param name="text">What.</param>
    public ValueTask ComplainAsync(ErrorLogTarget target, LogLevel level, Process by, string text)
    {
        var now = by.Container.Clock.GetUtcNow().ToString("yyyy/MM/dd HH:mm:ss", CultureInfo.InvariantCulture);
        return level > target.Level ? default : WriteAsync(target.Path, $"{now} [{NameOf(level)}] {by.Id}#{by.Id}: {text}");
    }

    /// <summary>A level as the log spells it.</summary>
    public static string NameOf(LogLevel level) => level.ToString().ToLowerInvariant();

    private async ValueTask<IOpenFile> OpenAsync(string path)
    {
        if (path != "stderr")
        {
            return await master.Container.Files.OpenAsync(master.Caller, path, OpenMode.Write | OpenMode.Create | OpenMode.Append, 0x1A4);
        }

        var errors = master.Files[2] ?? throw new FileException(Errno.EBADF);
        errors.Share();
        return errors;
    }
}
