namespace Orleans.StatefulSets.Server.Options;

/// <summary>
/// One option: on the command line, in the environment and in the configuration file it is the same name and the same text.
/// </summary>
internal sealed record Setting
{
    /// <summary>The name without dashes before it, <c>pods-per-node</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The heading under which <c>--help</c> lists it.</summary>
    public required string Group { get; init; }

    /// <summary>What stands for the value in <c>--help</c>; null for a flag.</summary>
    public string? Placeholder { get; init; }

    /// <summary>What it does, with its unit.</summary>
    public required string Explanation { get; init; }

    /// <summary>The default as a user would type it, or null where there is none to name.</summary>
    public Func<ServerOptions, string>? Default { get; init; }

    /// <summary>Whether it is neither a variable of the environment nor a key of the file.</summary>
    public bool IsOnlyTyped { get; init; }

    /// <summary>Reads the text into the options.</summary>
    /// <exception cref="OptionException">The text is no value of this option.</exception>
    public required Func<ServerOptions, string, ServerOptions> Apply { get; init; }

    public bool IsFlag => Placeholder is null;

    public string CommandLineName => $"--{Name}";

    public string EnvironmentName => EnvironmentPrefix + Name.ToUpperInvariant().Replace('-', '_');

    public const string EnvironmentPrefix = "ORLEANS_STATEFULSETS_";
}
