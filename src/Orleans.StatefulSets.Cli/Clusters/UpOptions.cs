using System.Globalization;

namespace Orleans.StatefulSets.Cli.Clusters;

/// <summary>What cluster to start.</summary>
internal sealed record UpOptions
{
    /// <summary>The most silos, and the most API processes, of one machine.</summary>
    public const int MostProcesses = 16;

    /// <summary>The variable that carries the connection string to the servers, and may carry it to this program.</summary>
    public const string ConnectionVariable = "ORLEANS_STATEFULSETS_CONNECTION_STRING";

    /// <summary>The cluster's folder, absolute.</summary>
    public required string Directory { get; init; }

    /// <summary>Where the load balancer listens.</summary>
    public required Uri Url { get; init; }

    /// <summary>How many silos, 1 to <see cref="MostProcesses"/>.</summary>
    public required int Silos { get; init; }

    /// <summary>How many API processes apart from the silos; with 0 the silos serve the API.</summary>
    public required int ApiServers { get; init; }

    /// <summary>How to reach PostgreSQL, in Npgsql's form; null for a server of the cluster's own. There may be a password in it.</summary>
    public string? ConnectionString { get; init; }

    /// <summary>Whether what dies is started again.</summary>
    public bool Restarts { get; init; } = true;

    /// <summary>The server's dll; null for where it stands by itself.</summary>
    public string? Server { get; init; }

    /// <summary>What each server is told besides.</summary>
    public IReadOnlyList<string> ServerArguments { get; init; } = [];

    /// <summary>
    /// The command line that asks for the same again, in the foreground. The connection string is not on it: others see a command line.
    /// </summary>
    public IReadOnlyList<string> ToArguments() =>
    [
        ClusterCommand.Name, UpCommand.Name,
        "--silos", Silos.ToString(CultureInfo.InvariantCulture), "--api-servers", ApiServers.ToString(CultureInfo.InvariantCulture),
        "--data", Directory, "--url", Url.GetLeftPart(UriPartial.Authority),
        .. Restarts ? (string[])[] : ["--no-restart"],
        .. Server is null ? (string[])[] : ["--server", Server],
        .. ServerArguments.Count == 0 ? (string[])[] : ["--", .. ServerArguments],
    ];
}
