using Orleans.StatefulSets.Workloads.Files;
using Orleans.StatefulSets.Workloads.Programs;
using Orleans.StatefulSets.Workloads.Text;

namespace Orleans.StatefulSets.Workloads.Processes;

/// <summary>Runs executable files in a process, as <c>execve(2)</c> does, and finds them along PATH.</summary>
public static class Execution
{
    /// <summary>Where programs are looked for when PATH is not set (busybox's default).</summary>
    public const string DefaultPath = "/sbin:/usr/sbin:/bin:/usr/bin";

    /// <summary>What stands at the beginning of an emulated image's executable files, before the name of the program that they run.</summary>
    public const string Marker = "#!emulated ";

    private const int MostInterpreters = 4;
    private const int HeadBytes = 256;

    /// <summary>Runs a file as the process's program to its end. The process keeps its files, its environment and what signals it ignores; its handlers go.</summary>
    /// <param name="process">The process.</param>
    /// <param name="path">The file, absolute or from the working directory.</param>
    /// <param name="argv">The name that it is called by, and its arguments.</param>
    /// <returns>The exit status.</returns>
    /// <exception cref="FileException">Before anything ran: ENOENT (the file or its interpreter), EACCES, ENOEXEC (text without a first line that says what runs it), ELOOP.</exception>
    public static async ValueTask<int> ExecuteAsync(Process process, string path, IReadOnlyList<string> argv)
    {
        var (program, arguments) = await ResolveAsync(process, path, argv);
        return await RunAsync(process, program, arguments);
    }

    /// <summary>
    /// The same for a program that gives its place up: it must return at once, and the file's program runs in the process when it has. So a
    /// process that becomes one program after another for ever needs no more room than one.
    /// </summary>
    public static async ValueTask ReplaceAsync(Process process, string path, IReadOnlyList<string> argv)
    {
        var (program, arguments) = await ResolveAsync(process, path, argv);
        process.Successor = () => RunAsync(process, program, arguments);
    }

    private static ValueTask<int> RunAsync(Process process, IProgram program, IReadOnlyList<string> arguments)
    {
        process.SignalHandler = null;
        process.Arguments = arguments;
        return program.RunAsync(process);
    }

    private static async ValueTask<(IProgram Program, IReadOnlyList<string> Arguments)> ResolveAsync(Process process, string path, IReadOnlyList<string> argv)
    {
        if (process.Substitute is { } substitute && !await ExistsAsync(process, path))
        {
            path = substitute;
        }

        for (var depth = 0; depth <= MostInterpreters; depth++)
        {
            var line = await FirstLineAsync(process, path);
            if (line.StartsWith(Marker, StringComparison.Ordinal))
            {
                var program = process.Container.Programs.Find(line[Marker.Length..].Trim()) ?? throw new FileException(Errno.ENOENT);
                return (program, argv);
            }

            if (!line.StartsWith("#!", StringComparison.Ordinal) || line[2..].Trim(' ', '\t') is not { Length: > 0 } interpreter)
            {
                throw new FileException(Errno.ENOEXEC);
            }

            // All that follows the interpreter's name is one argument, whatever spaces it has.
            var end = interpreter.IndexOfAny([' ', '\t']);
            var name = end < 0 ? interpreter : interpreter[..end];
            argv = end < 0 ? [name, path, .. argv.Skip(1)] : [name, interpreter[end..].Trim(' ', '\t'), path, .. argv.Skip(1)];
            path = name;
        }

        throw new FileException(Errno.ELOOP);
    }

    /// <summary>The path that runs a name: the name itself where it has a slash, else the first executable file of that name along the process's PATH.</summary>
    /// <returns>The path; null where there is none.</returns>
    public static ValueTask<string?> FindInPathAsync(Process process, string name) =>
        FindInPathAsync(process, name, process.Environment.GetValueOrDefault("PATH", DefaultPath));

    /// <summary>The same along a given list of directories, separated by colons.</summary>
    public static async ValueTask<string?> FindInPathAsync(Process process, string name, string directories)
    {
        if (name.Contains('/'))
        {
            return name;
        }

        if (name.Length == 0)
        {
            return null;
        }

        foreach (var directory in directories.Split(':'))
        {
            var path = directory.Length == 0 ? name : directory.EndsWith('/') ? directory + name : directory + "/" + name;
            if (await IsExecutableAsync(process, path))
            {
                return path;
            }
        }

        return null;
    }

    /// <summary>Whether a regular file stands at a path that the process may execute.</summary>
    public static async ValueTask<bool> IsExecutableAsync(Process process, string path)
    {
        try
        {
            var files = process.Container.Files;
            return (await files.StatAsync(process.Caller, path)).Kind == FileKind.Regular && await files.AccessAsync(process.Caller, path, AccessMode.Execute);
        }
        catch (FileException)
        {
            return false;
        }
    }

    private static async ValueTask<bool> ExistsAsync(Process process, string path)
    {
        try
        {
            await process.Container.Files.StatAsync(process.Caller, path);
            return true;
        }
        catch (FileException failure) when (failure.Code is Errno.ENOENT or Errno.ENOTDIR)
        {
            return false;
        }
    }

    private static async ValueTask<string> FirstLineAsync(Process process, string path)
    {
        var files = process.Container.Files;
        var node = await files.StatAsync(process.Caller, path);
        if (node.Kind != FileKind.Regular || !await files.AccessAsync(process.Caller, path, AccessMode.Execute))
        {
            throw new FileException(Errno.EACCES);
        }

        // The kernel reads the file whether or not the caller may.
        var file = await files.OpenAsync(process.Caller with { Credentials = Credentials.Root }, path, OpenMode.Read);
        try
        {
            var head = new byte[HeadBytes];
            var count = await file.ReadAsync(head, process.Killed);
            var text = ByteText.FromBytes(head.AsSpan(0, count));
            var end = text.IndexOf('\n');
            return end < 0 ? text : text[..end];
        }
        finally
        {
            await file.CloseAsync();
        }
    }
}
