using Orleans.StatefulSets.Benchmarks.Scenarios;

namespace Orleans.StatefulSets.Benchmarks.Options;

/// <summary>What the command line asks for.</summary>
internal sealed record BenchmarkOptions
{
    public const string Help = """
        Measures the published server, as a process, over HTTP on loopback.

          --server DLL               the published Orleans.StatefulSets.Server.dll (default: publishes it to a temporary folder)
          --storage sqlite|memory|both   (default: both)
          --runs N                   runs of each scenario, 1 to 100, each on a fresh server (default: 3; 5 of start, 1 of overload, watches, exec, silos and failover)
          --only NAME                one scenario: parallel, claims, ordered, memory, start, overload, watches, exec, silos-1, silos-2, silos-4,
                                     failover, spread; the last five on a PostgreSQL of their own
          --help

        """;

    private static readonly string[] Storages = ["sqlite", "memory"];

    /// <summary>The published program; null if it has to be published.</summary>
    public string? Server { get; init; }

    public IReadOnlyList<string> Storage { get; init; } = Storages;

    /// <summary>Null: as many as the scenario thinks right.</summary>
    public int? Runs { get; init; }

    /// <summary>Null: all.</summary>
    public string? Only { get; init; }

    public bool ShowHelp { get; init; }

    /// <exception cref="OptionException">The command line is wrong.</exception>
    public static BenchmarkOptions Parse(IReadOnlyList<string> args)
    {
        var options = new BenchmarkOptions();
        var words = new Queue<string>(args);
        while (words.TryDequeue(out var option))
        {
            options = option switch
            {
                "--server" => options with { Server = Program(ValueOf(option, words)) },
                "--storage" => options with { Storage = StorageChoice(ValueOf(option, words)) },
                "--runs" => options with { Runs = Count(ValueOf(option, words)) },
                "--only" => options with { Only = Scenario(ValueOf(option, words)) },
                "--help" or "-h" => options with { ShowHelp = true },
                _ => throw new OptionException($"{option}: no such option; --help names them all"),
            };
        }

        return options;
    }

    private static string ValueOf(string option, Queue<string> words) =>
        words.TryDequeue(out var value) ? value : throw new OptionException($"{option}: needs a value");

    private static string Program(string path) =>
        File.Exists(path) ? Path.GetFullPath(path) : throw new OptionException($"--server: there is no file {path}");

    private static IReadOnlyList<string> StorageChoice(string text) => text switch
    {
        "both" => Storages,
        _ when Storages.Contains(text) => [text],
        _ => throw new OptionException($"--storage: '{text}' is none of sqlite, memory, both"),
    };

    private static int Count(string text) => int.TryParse(text, out var count) && count is >= 1 and <= 100
        ? count
        : throw new OptionException($"--runs: '{text}' is not a whole number from 1 to 100");

    private static string Scenario(string name) => AllScenarios.List.Any(scenario => scenario.Name == name)
        ? name
        : throw new OptionException($"--only: '{name}' is none of {string.Join(", ", AllScenarios.List.Select(scenario => scenario.Name))}");
}
