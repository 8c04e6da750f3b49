using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Orleans.StatefulSets.Server.Tests.Fuzzing;

/// <summary>Keeps one of each thing that the server logs as a failure of its own.</summary>
/// <param name="least">From which level on.</param>
internal sealed class FailureLog(LogLevel least = LogLevel.Error) : ILoggerProvider, ILogger
{
    private const int Most = 200;
    private readonly ConcurrentDictionary<string, string> failures = new();

    /// <summary>The failures, each once, by where they were thrown.</summary>
    public IEnumerable<string> Failures => failures.Values;

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= least;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel) || failures.Count >= Most)
        {
            return;
        }

        var place = exception?.StackTrace?.Split('\n')[0] ?? formatter(state, exception);
        failures.TryAdd($"{exception?.GetType()} {place}", $"{formatter(state, exception)}\n{exception}");
    }

    public void Dispose()
    {
    }
}
