using System.Text.RegularExpressions;
using Orleans.StatefulSets.Cli.CommandLine;
using Orleans.StatefulSets.Cli.Processes;

namespace Orleans.StatefulSets.Cli.State;

/// <summary>The folder of one cluster: what its processes keep, and what is known of them.</summary>
/// <param name="path">An absolute path.</param>
internal sealed partial class ClusterFolder(string path)
{
    public string Path => path;

    public string Kubeconfig => In("kubeconfig");

    /// <summary>The folder of the cluster's own PostgreSQL.</summary>
    public string Postgres => In("postgres");

    public string PostgresPassword => In("postgres-password");

    /// <summary>What a supervisor in the background prints.</summary>
    public LogFile SupervisorLog => new(In("supervisor.log"));

    private string StateFile => In("cluster.json");

    private string LockFile => In("cluster.lock");

    public string OfProcess(string name) => In(name);

    /// <summary>The cluster that was started here; null where none was, or where it was ended in order.</summary>
    public ClusterState? Load()
    {
        try
        {
            return ClusterState.Read(File.ReadAllText(StateFile));
        }
        catch (Exception absent) when (absent is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    public void Save(ClusterState state) => PrivateFile.Write(StateFile, state.Write());

    /// <summary>The cluster was ended.</summary>
    public void Forget() => File.Delete(StateFile);

    /// <summary>Makes the folder and takes it, as long as this process lives or until the lock is let go.</summary>
    /// <exception cref="CommandException">A supervisor has it, or it can't be written.</exception>
    public IDisposable Lock()
    {
        try
        {
            Directory.CreateDirectory(path);
            return new FileStream(LockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (UnauthorizedAccessException failure)
        {
            throw new CommandException($"{path} cannot be written by this user; choose another folder with --data", failure);
        }
        catch (IOException failure) when (File.Exists(path))
        {
            throw new CommandException($"{path} is a file, not a folder; choose another with --data", failure);
        }
        catch (IOException failure) when (File.Exists(LockFile))
        {
            throw new CommandException($"a cluster already runs in {path}: cluster status shows it, cluster down ends it", failure);
        }
        catch (IOException failure)
        {
            throw new CommandException($"{path} cannot be made a cluster's folder ({failure.Message}); choose another with --data", failure);
        }
    }

    /// <summary>Deletes what clusters leave here, and the folder if nothing else is in it.</summary>
    public void Delete()
    {
        if (!Directory.Exists(path))
        {
            return;
        }

        foreach (var folder in Directory.GetDirectories(path).Where(folder => OfClusters().IsMatch(System.IO.Path.GetFileName(folder))))
        {
            Directory.Delete(folder, recursive: true);
        }

        foreach (var file in (string[])[Kubeconfig, PostgresPassword, SupervisorLog.Path, $"{SupervisorLog.Path}.1", StateFile, LockFile])
        {
            File.Delete(file);
        }

        if (!Directory.EnumerateFileSystemEntries(path).Any())
        {
            Directory.Delete(path);
        }
    }

    private string In(string name) => System.IO.Path.Combine(path, name);

    [GeneratedRegex(@"\A(?:silo-[0-9]+|api-[0-9]+|postgres)\z")]
    private static partial Regex OfClusters();
}
