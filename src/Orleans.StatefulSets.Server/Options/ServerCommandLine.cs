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
            var typed = TypedArguments.Read(args, out var print);
            if (print is not null)
            {
                return new ServerCommand.Print(print);
            }

            var given = Gather(typed, environment);
            var options = Settings.All.Aggregate(new ServerOptions(), (built, setting) => Apply(built, setting, given));
            RefuseContradictions(options, given);
            return new ServerCommand.Run(options with { DataDirectory = Path.GetFullPath(options.DataDirectory, currentDirectory) });
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

    private static Dictionary<Setting, Given> Gather(Dictionary<Setting, string> typed, IReadOnlyDictionary<string, string> environment)
    {
        var given = new Dictionary<Setting, Given>();
        foreach (var setting in Settings.All)
        {
            if (typed.TryGetValue(setting, out var text))
            {
                given[setting] = new(setting.CommandLineName, text);
            }
            else if (environment.TryGetValue(setting.EnvironmentName, out var variable) && variable.Length > 0)
            {
                given[setting] = new(setting.EnvironmentName, variable);
            }
        }

        var config = given.FirstOrDefault(pair => pair.Key.Name == Settings.ConfigName).Value;
        return config is null ? given : AddFile(given, config);
    }

    private static Dictionary<Setting, Given> AddFile(Dictionary<Setting, Given> given, Given config)
    {
        var file = Explained(config, () => ConfigurationFile.Read(config.Text));
        foreach (var setting in Settings.All)
        {
            if (file.TryGetValue(setting.Name, out var text))
            {
                given.TryAdd(setting, new($"{config.Text}: {setting.Name}", text));
            }
        }

        return given;
    }

    private static ServerOptions Apply(ServerOptions options, Setting setting, Dictionary<Setting, Given> given) =>
        given.TryGetValue(setting, out var value) ? Explained(value, () => setting.Apply(options, value.Text)) : options;

    private static T Explained<T>(Given given, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (OptionException error)
        {
            throw new OptionException($"{given.Source}: {error.Message}");
        }
    }

    private static void RefuseContradictions(ServerOptions options, Dictionary<Setting, Given> given)
    {
        RefuseStorage(options, given);
        var ports = options.Urls.Select(url => ("--urls", url.Port)).Append(("--silo-port", options.SiloPort)).Append(("--gateway-port", options.GatewayPort));
        var clash = ports.GroupBy(port => port.Item2).FirstOrDefault(same => same.Select(port => port.Item1).Distinct().Count() > 1);
        if (clash is not null)
        {
            throw new OptionException($"{string.Join(" and ", clash.Select(port => port.Item1).Distinct())} both ask for port {clash.Key}");
        }
    }

    private static void RefuseStorage(ServerOptions options, Dictionary<Setting, Given> given)
    {
        Given? Of(string name) => given.FirstOrDefault(pair => pair.Key.Name == name).Value;
        if (Of("synchronous") is { } synchronous && options.Storage != StorageKind.Sqlite)
        {
            throw new OptionException(options.Storage == StorageKind.Memory
                ? $"{synchronous.Source}: means nothing with --storage memory, which writes nothing to disk"
                : $"{synchronous.Source}: means nothing with --storage postgres, whose server decides (synchronous_commit)");
        }

        if (options.Storage == StorageKind.Postgres && options.ConnectionString is null)
        {
            throw new OptionException("--storage postgres needs --connection-string");
        }

        if ((Of("connection-string") ?? Of("database-timeout")) is { } database && options.Storage != StorageKind.Postgres)
        {
            throw new OptionException($"{database.Source}: means nothing without --storage postgres");
        }
    }

    /// <summary>The version of the program.</summary>
    public static string Version { get; } =
        typeof(ServerCommandLine).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "";

    /// <param name="Source">Who said it, as the user knows it.</param>
    /// <param name="Text">What was said.</param>
    private sealed record Given(string Source, string Text);
}
