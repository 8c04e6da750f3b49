namespace Orleans.StatefulSets.Server.Options;

/// <summary>A command of the program: its name, what it takes and what it asks for.</summary>
internal sealed record CommandShape
{
    /// <summary>The first word of the command line; the default command has none there.</summary>
    public required string Name { get; init; }

    /// <summary>What it does, in lines of <c>--help</c>.</summary>
    public required IReadOnlyList<string> Purpose { get; init; }

    /// <summary>How it is typed, after <c>--</c>.</summary>
    public required string Usage { get; init; }

    /// <summary>Its options.</summary>
    public required IReadOnlyList<Setting> Settings { get; init; }

    /// <summary>What it asks for.</summary>
    /// <exception cref="OptionException">Its options contradict each other.</exception>
    public required Func<ServerOptions, GivenOptions, ServerCommand> Ask { get; init; }

    /// <summary>Starts the server.</summary>
    public static CommandShape Serve { get; } = new()
    {
        Name = "server",
        Purpose =
        [
            "Starts an emulated Kubernetes cluster for StatefulSets: one Orleans silo, the Kubernetes API and the nodes.",
            "Two other commands, export and import, write a whole cluster as YAML and load it again: export --help.",
        ],
        Usage = "[options]",
        Settings = Options.Settings.All,
        Ask = (options, given) =>
        {
            Contradictions.Refuse(options, given);
            return new ServerCommand.Run(options);
        },
    };

    /// <summary>The command that a command line's first word names.</summary>
    public static CommandShape Named(string word) => word switch
    {
        "export" => TransferCommands.Export,
        "import" => TransferCommands.Import,
        _ => Serve,
    };
}
