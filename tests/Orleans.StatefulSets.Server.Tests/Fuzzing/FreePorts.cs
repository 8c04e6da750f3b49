using System.Net;
using System.Net.Sockets;

namespace Orleans.StatefulSets.Server.Tests.Fuzzing;

/// <summary>TCP ports of loopback that nobody listens on.</summary>
internal static class FreePorts
{
    public static IReadOnlyList<int> Take(int count)
    {
        // All are held until all are known, so that no two are the same.
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        listeners.ForEach(listener => listener.Start());
        var ports = listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port).ToList();
        listeners.ForEach(listener => listener.Dispose());
        return ports;
    }
}
