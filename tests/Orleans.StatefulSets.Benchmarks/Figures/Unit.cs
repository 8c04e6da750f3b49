namespace Orleans.StatefulSets.Benchmarks.Figures;

/// <summary>What a figure is counted in, and which way is better.</summary>
/// <param name="Symbol">As it is printed.</param>
/// <param name="Format">A numeric format string.</param>
/// <param name="MoreIsBetter">Of rates, and not of costs.</param>
internal sealed record Unit(string Symbol, string Format, bool MoreIsBetter)
{
    public static Unit PodsPerSecond { get; } = new("pods/s", "#,0", MoreIsBetter: true);

    public static Unit MicrosecondsPerPod { get; } = new("µs CPU/pod", "#,0", MoreIsBetter: false);

    /// <summary>10^6 bytes.</summary>
    public static Unit Megabytes { get; } = new("MB", "#,0", MoreIsBetter: false);

    public static Unit Seconds { get; } = new("s", "0.00", MoreIsBetter: false);

    public static Unit WritesPerSecond { get; } = new("writes/s", "#,0", MoreIsBetter: true);

    public static Unit Answers { get; } = new("answers", "#,0", MoreIsBetter: false);

    public static Unit Milliseconds { get; } = new("ms", "#,0", MoreIsBetter: false);

    /// <summary>Of two numbers of one kind.</summary>
    public static Unit Ratio { get; } = new("×", "0.00", MoreIsBetter: false);

    /// <summary>Of CPU.</summary>
    public static Unit Microseconds { get; } = new("µs CPU", "#,0", MoreIsBetter: false);

    /// <summary>CPU of one core.</summary>
    public static Unit MillisecondsASecond { get; } = new("ms CPU/s", "0.0", MoreIsBetter: false);

    /// <summary>10^3 bytes.</summary>
    public static Unit Kilobytes { get; } = new("kB", "0.0", MoreIsBetter: false);

    public string Write(double value) => value.ToString(Format, System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>How many times better one value is than another.</summary>
    public double Times(double value, double other) => MoreIsBetter ? value / other : other / value;
}
