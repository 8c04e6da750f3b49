using System.Runtime.InteropServices;
using Orleans.StatefulSets.Cli.CommandLine;

namespace Orleans.StatefulSets.Cli.Processes;

/// <summary>Where the server is, and how it is run.</summary>
internal static class ServerProgram
{
    private const string Name = "Orleans.StatefulSets.Server";
    private const string OwnName = "Orleans.StatefulSets.Cli";

    /// <summary>The dotnet that runs this very program: the one on PATH may be another one, or none.</summary>
    public static string Dotnet { get; } = FindDotnet();

    /// <summary>The server's dll.</summary>
    /// <param name="given">What the user named; null for where it stands by itself.</param>
    /// <exception cref="CommandException">It isn't there.</exception>
    public static string Find(string? given)
    {
        if (given is not null)
        {
            return File.Exists(given) ? Path.GetFullPath(given) : throw new CommandException($"--server: there is no file '{given}'");
        }

        return Candidates(AppContext.BaseDirectory).FirstOrDefault(File.Exists)
            ?? throw new CommandException($"{Name}.dll is neither beside this program nor built; name it with --server PATH");
    }

    /// <summary>Where the server may be: beside this program, or in its own project's output.</summary>
    public static IEnumerable<string> Candidates(string baseDirectory)
    {
        yield return Path.Combine(baseDirectory, $"{Name}.dll");
        var own = Path.DirectorySeparatorChar + OwnName + Path.DirectorySeparatorChar;
        if (baseDirectory.LastIndexOf(own, StringComparison.Ordinal) is >= 0 and var at)
        {
            var output = baseDirectory[(at + own.Length)..];
            yield return Path.Combine(baseDirectory[..at], Name, output, $"{Name}.dll");
        }
    }

    // …/dotnet/shared/Microsoft.NETCore.App/10.0.0/
    private static string FindDotnet()
    {
        var beside = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet"));
        return File.Exists(beside) ? beside : "dotnet";
    }
}
