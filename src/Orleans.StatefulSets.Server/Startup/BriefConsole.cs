using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace Orleans.StatefulSets.Server.Startup;

/// <summary>Prints what matters in one line: the message, and of an exception its first line. <c>--verbose</c> prints all of it.</summary>
internal sealed class BriefConsole() : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "brief";

    private const int LongestLine = 500;

    /// <inheritdoc/>
    public override void Write<TState>(in LogEntry<TState> entry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var message = entry.Formatter(entry.State, entry.Exception);
        var line = FirstLine(entry.Exception is { } failure ? $"{message}: {failure.Message}" : message);
        textWriter.WriteLine($"{NameOf(entry.LogLevel)}: {(line.Length > LongestLine ? line[..LongestLine] + "…" : line)}");
    }

    private static string FirstLine(string text) => text.AsSpan().IndexOfAny('\r', '\n') is >= 0 and var end ? text[..end] : text;

    private static string NameOf(LogLevel level) => level switch
    {
        LogLevel.Critical or LogLevel.Error => "error",
        LogLevel.Warning => "warning",
        _ => "info",
    };
}
