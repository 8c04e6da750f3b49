using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Orleans.StatefulSets.Api.Tests.Cluster;

/// <summary>Keeps what is logged as an error, for a test to look at.</summary>
public sealed class FailureLog(ConcurrentQueue<string> failures) : ILoggerProvider, ILogger
{
    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
        {
            failures.Enqueue($"{formatter(state, exception)} {exception}");
        }
    }

    public void Dispose()
    {
    }
}
