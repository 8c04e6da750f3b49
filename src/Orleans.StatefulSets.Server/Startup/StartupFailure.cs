using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Orleans.StatefulSets.Server.Options;
using Orleans.StatefulSets.Server.Transfer;
using Orleans.StatefulSets.Storage;

namespace Orleans.StatefulSets.Server.Startup;

/// <summary>What a person is told when the server cannot start or go on: one line, and the trace only with <c>--verbose</c>.</summary>
public static class StartupFailure
{
    /// <summary>The exit code of a failure; a wrong command line has 2.</summary>
    public const int ExitCode = 1;

    // Linux errno values as .NET carries them in an IOException's HResult.
    private const int NoSpaceLeft = 28;
    private const int ReadOnlyFileSystem = 30;

    /// <summary>Prints the failure and returns the exit code.</summary>
    public static int Report(Exception error, ServerOptions options, TextWriter output)
    {
        output.WriteLine(Describe(error, options));
        if (options.Verbose)
        {
            output.WriteLine(error);
        }

        return ExitCode;
    }

    /// <summary>The failure in one line.</summary>
    public static string Describe(Exception error, ServerOptions options)
    {
        var causes = Causes(error).ToList();
        return FromOurOwn(causes) ?? FromNetwork(causes, options) ?? FromFiles(causes, options) ?? $"cannot start: {FirstLine(error)}; --verbose shows more";
    }

    private static string? FromOurOwn(IReadOnlyList<Exception> causes) =>
        causes.FirstOrDefault(cause => cause is JournalStorageException or StartupException or TransferException) is { } own ? FirstLine(own) : null;

    private static string? FromNetwork(IReadOnlyList<Exception> causes, ServerOptions options)
    {
        // Kestrel names the address that it failed to bind in an IOException; the silo's listeners name none.
        var ofApi = causes.OfType<IOException>().Any(cause => cause.Message.Contains("Failed to bind", StringComparison.OrdinalIgnoreCase));
        var where = ofApi || causes.OfType<SocketException>().Any(cause => cause.SocketErrorCode == SocketError.AddressNotAvailable)
            ? Named(causes, options)
            : $"silo port {options.SiloPort} or gateway port {options.GatewayPort}";
        var remedy = ofApi ? "choose another address with --urls" : "choose others with --silo-port and --gateway-port";
        if (causes.Any(cause => cause is AddressInUseException or SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse }))
        {
            return $"{where} is already in use; {remedy}";
        }

        return causes.OfType<SocketException>().FirstOrDefault()?.SocketErrorCode switch
        {
            SocketError.AccessDenied => $"this user may not listen on {where}; {remedy}",
            SocketError.AddressNotAvailable => $"{where} is not an address of this machine; choose another with --urls",
            _ => null,
        };
    }

    private static string Named(IReadOnlyList<Exception> causes, ServerOptions options) =>
        options.Urls.Select(UrlText.Write).FirstOrDefault(url => causes.Any(cause => cause.Message.Contains(url, StringComparison.OrdinalIgnoreCase)))
        ?? UrlText.Write(options.Urls[0]);

    private static string? FromFiles(IReadOnlyList<Exception> causes, ServerOptions options)
    {
        foreach (var cause in causes)
        {
            switch (cause)
            {
                case UnauthorizedAccessException:
                    return $"{options.DataDirectory} cannot be written by this user; choose another folder with --data";
                case IOException { HResult: ReadOnlyFileSystem }:
                    return $"{options.DataDirectory} is on a read-only file system; choose another folder with --data";
                case IOException { HResult: NoSpaceLeft }:
                    return $"no space is left for {options.DataDirectory}; free some, or choose another folder with --data";
                case IOException when File.Exists(options.DataDirectory):
                    return $"{options.DataDirectory} is a file, not a folder; choose another with --data";
            }
        }

        return null;
    }

    private static IEnumerable<Exception> Causes(Exception error) => error is AggregateException { InnerExceptions.Count: > 0 } several
        ? several.InnerExceptions.SelectMany(Causes)
        : error.InnerException is { } inner ? Causes(inner).Prepend(error) : [error];

    private static string FirstLine(Exception error) => error.Message.ReplaceLineEndings("\n").Split('\n')[0];
}
