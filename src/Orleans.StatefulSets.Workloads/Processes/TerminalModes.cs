namespace Orleans.StatefulSets.Workloads.Processes;

/// <summary>What a terminal does with keys and output (<c>termios(3)</c>, as much as programs here use).</summary>
public sealed record TerminalModes
{
    /// <summary>Keys make lines that can be edited, and are read when they are whole (ICANON).</summary>
    public bool IsCanonical { get; init; } = true;

    /// <summary>Keys are shown (ECHO).</summary>
    public bool IsEchoing { get; init; } = true;

    /// <summary>^C and ^\ are signals (ISIG).</summary>
    public bool HasSignals { get; init; } = true;

    /// <summary>A newline goes out as carriage return and newline (OPOST, ONLCR).</summary>
    public bool AddsReturns { get; init; } = true;

    /// <summary>The return key is a newline (ICRNL).</summary>
    public bool TakesReturns { get; init; } = true;
}
