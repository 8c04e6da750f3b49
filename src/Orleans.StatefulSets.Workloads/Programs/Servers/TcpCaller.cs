using System.Net;
using Orleans.StatefulSets.Workloads.Processes;
using Orleans.StatefulSets.Workloads.Programs.Servers.Http;
using Orleans.StatefulSets.Workloads.Text;

namespace Orleans.StatefulSets.Workloads.Programs.Servers;

/// <summary>One client's connection to a server. Whoever serves it returns to close it.</summary>
public sealed class TcpCaller
{
    /// <summary>Bytes of the longest line that <see cref="ReadLineAsync"/> takes.</summary>
    public const int LongestLine = 8192;

    private HttpReader? reader;

    internal TcpCaller()
    {
    }

    /// <summary>The connection's bytes.</summary>
    public required IOpenFile File { get; init; }

    /// <summary>Where the client is.</summary>
    public required IPEndPoint From { get; init; }

    /// <summary>The port that it called.</summary>
    public required int Port { get; init; }

    /// <summary>The connection's number in its process, from 1.</summary>
    public required long Number { get; init; }

    /// <summary>The server ends: pass it to whatever waits.</summary>
    public required CancellationToken Ended { get; init; }

    /// <summary>The server will end: what was begun is finished, nothing new is begun.</summary>
    public CancellationToken Draining { get; init; }

    /// <summary>The next line as a byte string, without its end; null when the client has no more to say, or says more than <see cref="LongestLine"/> at once.</summary>
    public async ValueTask<string?> ReadLineAsync()
    {
        try
        {
            reader ??= new HttpReader(File);
            return await reader.ReadLineAsync(LongestLine, HttpFault.LineTooLong, Ended);
        }
        catch (HttpFaultException)
        {
            return null;
        }
    }

    /// <summary>Sends a byte string.</summary>
    public ValueTask WriteAsync(string text) => File.WriteAsync(ByteText.ToBytes(text), Ended);
}
