namespace Orleans.StatefulSets.Server.Options;

/// <summary>What was said about each option, and by whom.</summary>
internal sealed class GivenOptions
{
    private readonly IReadOnlyList<Setting> settings;
    private readonly Dictionary<Setting, Given> given = [];

    private GivenOptions(IReadOnlyList<Setting> settings) => this.settings = settings;

    /// <summary>Gathers from the command line, else the environment, else the file that <c>--config</c> names.</summary>
    /// <exception cref="OptionException">The file can't be read.</exception>
    public static GivenOptions Gather(CommandShape shape, Dictionary<Setting, string> typed, IReadOnlyDictionary<string, string> environment)
    {
        var gathered = new GivenOptions(shape.Settings);
        foreach (var setting in shape.Settings)
        {
            if (typed.TryGetValue(setting, out var text))
            {
                gathered.given[setting] = new(setting.CommandLineName, text);
            }
            else if (!setting.IsOnlyTyped && environment.TryGetValue(setting.EnvironmentName, out var variable) && variable.Length > 0)
            {
                gathered.given[setting] = new(setting.EnvironmentName, variable);
            }
        }

        gathered.AddFile();
        return gathered;
    }

    /// <summary>Who said something about an option, as the user knows it (<c>--data</c>); null where nobody did.</summary>
    public string? SourceOf(string name) => Of(name)?.Source;

    /// <summary>What was said about an option; null where nothing was.</summary>
    public string? TextOf(string name) => Of(name)?.Text;

    /// <summary>The options with what was said.</summary>
    /// <exception cref="OptionException">A text is no value of its option.</exception>
    public ServerOptions Apply(ServerOptions options) => settings.Aggregate(options, (built, setting) =>
        given.TryGetValue(setting, out var value) ? Explained(value, () => setting.Apply(built, value.Text)) : built);

    /// <summary>Reads the text of an option that is none of the server's.</summary>
    /// <exception cref="OptionException">The text is no value of it.</exception>
    public T Read<T>(string name, T otherwise, Func<string, T> read) => Of(name) is { } value ? Explained(value, () => read(value.Text)) : otherwise;

    private Given? Of(string name) => given.FirstOrDefault(pair => pair.Key.Name == name).Value;

    private void AddFile()
    {
        if (Of(Settings.ConfigName) is not { } config)
        {
            return;
        }

        var file = Explained(config, () => ConfigurationFile.Read(config.Text));
        foreach (var setting in settings)
        {
            if (file.TryGetValue(setting.Name, out var text))
            {
                given.TryAdd(setting, new($"{config.Text}: {setting.Name}", text));
            }
        }
    }

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

    /// <param name="Source">Who said it, as the user knows it.</param>
    /// <param name="Text">What was said.</param>
    private sealed record Given(string Source, string Text);
}
