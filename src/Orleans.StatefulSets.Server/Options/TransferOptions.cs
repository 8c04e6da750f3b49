namespace Orleans.StatefulSets.Server.Options;

/// <summary>What to export, and where to.</summary>
public sealed record ExportOptions
{
    /// <summary>The storage of the stopped server; passed over where <see cref="Server"/> is set.</summary>
    public required ServerOptions Storage { get; init; }

    /// <summary>The running server to ask instead.</summary>
    public Uri? Server { get; init; }

    /// <summary>The file, or <c>-</c> for standard output.</summary>
    public string Output { get; init; } = "-";
}

/// <summary>What to import, and where to.</summary>
public sealed record ImportOptions
{
    /// <summary>The storage, which holds no cluster yet.</summary>
    public required ServerOptions Storage { get; init; }

    /// <summary>The file, or <c>-</c> for standard input.</summary>
    public required string Input { get; init; }

    /// <summary>Whether the objects keep the uids that they have in the stream.</summary>
    public bool KeepUids { get; init; }
}
