namespace Orleans.StatefulSets.Benchmarks.Options;

/// <summary>The command line is wrong; the message is the one line to print.</summary>
internal sealed class OptionException(string message) : Exception(message);
