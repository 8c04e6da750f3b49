namespace Orleans.StatefulSets.Benchmarks;

/// <summary>The server did not do what is measured; the message says what it did instead.</summary>
internal sealed class BenchmarkException(string message) : Exception(message);
