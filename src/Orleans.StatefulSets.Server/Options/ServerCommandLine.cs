using System.Reflection;

namespace Orleans.StatefulSets.Server.Options;

/// <summary>
/// Reads the options from the command line, the environment (<c>ORLEANS_STATEFULSETS_…</c>) and the file that <c>--config</c> names,
/// the first of them that says something about an option winning.
/// </summary>
public static class ServerCommandLine
{
    /// <summary>Reads and checks the options.</summary>
    /// <param name="args">The arguments after <c>--</c>.</param>
    /// <param name="environment">Environment variables by name; those without the prefix are passed over.</param>
    /// <param name="currentDirectory">What a relative data folder is relative to.</param>
    public static ServerCommand Parse(IReadOnlyList<string> args, IReadOnlyDictionary<string, string> environment, string currentDirectory)
    {
        try
        {
            var shape = CommandShape.Named(args.Count > 0 ? args[0] : "");
            var typed = TypedArguments.Read(shape, args.Skip(shape == CommandShape.Serve ? 0 : 1), out var print);
            if (print is not null)
            {
                return new ServerCommand.Print(print);
            }

            var given = GivenOptions.Gather(shape, typed, environment);
            var options = given.Apply(new ServerOptions());
            options = options with { DataDirectory = Path.GetFullPath(options.DataDirectory, currentDirectory) };
            return shape.Ask(options, given);
        }
        catch (OptionException error)
        {
            return new ServerCommand.Refuse(error.Message);
        }
    }

    /// <summary>The environment of this process, in the shape that <see cref="Parse"/> takes.</summary>
    public static IReadOnlyDictionary<string, string> ReadEnvironment() => Environment.GetEnvironmentVariables()
        .Cast<System.Collections.DictionaryEntry>()
        .ToDictionary(entry => (string)entry.Key, entry => (string?)entry.Value ?? "", StringComparer.Ordinal);

    /// <summary>The version of the program.</summary>
    public static string Version { get; } =
        typeof(ServerCommandLine).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "";
}
