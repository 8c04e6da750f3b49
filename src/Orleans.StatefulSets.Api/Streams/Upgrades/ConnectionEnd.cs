using System.Net.WebSockets;

namespace Orleans.StatefulSets.Api.Streams.Upgrades;

/// <summary>How a connection to a client ends: in whatever call reads it or writes to it at that moment.</summary>
internal static class ConnectionEnd
{
    /// <summary>Whether a failure says no more than that the connection has ended, or that the client does not speak its protocol.</summary>
    public static bool Is(Exception failure) =>
        failure is IOException or InvalidDataException or WebSocketException or OperationCanceledException or ObjectDisposedException;
}
