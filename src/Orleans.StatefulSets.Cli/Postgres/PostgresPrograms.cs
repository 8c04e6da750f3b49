using System.ComponentModel;
using System.Diagnostics;

namespace Orleans.StatefulSets.Cli.Postgres;

/// <summary>PostgreSQL's programs where distributions put them, run as a user that they accept: they refuse root.</summary>
internal static class PostgresPrograms
{
    private static readonly string[] Accounts = ["postgres", "nobody"];

    /// <summary>Where initdb and pg_ctl are, the newest first; null where they are not installed.</summary>
    public static string? Folder { get; } = Candidates().FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "pg_ctl")));

    /// <summary>Gives a folder, with what is in it, to the user who runs the programs.</summary>
    public static async Task GiveAsync(DirectoryInfo folder)
    {
        if (Environment.IsPrivilegedProcess)
        {
            var (user, group) = Account();
            await ExecuteAsync("chown", ["--recursive", $"{user}:{group}", folder.FullName]);
        }
    }

    /// <summary>Runs a program to its end.</summary>
    /// <exception cref="InvalidOperationException">It is not there, or it failed; the message is one line.</exception>
    public static Task RunAsync(string program, params string[] arguments)
    {
        var path = Path.Combine(Folder ?? throw new InvalidOperationException("PostgreSQL's server programs (initdb, pg_ctl) are not installed"), program);
        if (!Environment.IsPrivilegedProcess)
        {
            return ExecuteAsync(path, arguments);
        }

        var (user, group) = Account();
        return ExecuteAsync("setpriv", [$"--reuid={user}", $"--regid={group}", "--clear-groups", path, .. arguments]);
    }

    private static async Task ExecuteAsync(string file, IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo(file, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Path.GetTempPath() };
        start.Environment["LC_ALL"] = "C";
        using var process = Process.Start(start) ?? throw new Win32Exception($"{file} did not start");
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException(Complaint($"{await output}\n{await errors}") ?? $"{file} ended with {process.ExitCode}");
        }
    }

    // The programs say what is wrong in one line, and after it what one could do.
    private static string? Complaint(string printed)
    {
        var lines = printed.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return lines.FirstOrDefault(line => line.Contains("error:", StringComparison.Ordinal) || line.Contains("could not", StringComparison.Ordinal)) ?? lines.LastOrDefault();
    }

    // NAME:x:UID:GID:… of the first account that exists.
    private static (string User, string Group) Account()
    {
        var known = File.ReadLines("/etc/passwd").Select(line => line.Split(':')).Where(fields => fields.Length > 3).ToList();
        var account = Accounts.Select(name => known.Find(fields => fields[0] == name)).First(fields => fields is not null)!;
        return (account[2], account[3]);
    }

    private static IEnumerable<string> Candidates()
    {
        const string debian = "/usr/lib/postgresql";
        var ofDebian = Directory.Exists(debian)
            ? Directory.GetDirectories(debian).OrderByDescending(folder => int.TryParse(Path.GetFileName(folder), out var version) ? version : 0)
            : Enumerable.Empty<string>();
        return (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Where(folder => folder.Length > 0)
            .Concat(ofDebian.Select(folder => Path.Combine(folder, "bin")));
    }
}
