using System.Net;
using System.Net.Sockets;

namespace Orleans.StatefulSets.Acceptance.Tests.Servers;

/// <summary>TCP ports of loopback that nobody listens on.</summary>
internal static class FreePorts
{
    // Whoever took one may not listen yet, or not just now: it is his all the same.
    private static readonly HashSet<int> Given = [];

    public static IReadOnlyList<int> Take(int count)
    {
        // All are held until all are known, so that no two are the same.
        List<TcpListener> listeners = [];
        List<int> ports = [];
        while (ports.Count < count)
        {
            var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            listeners.Add(listener);
            var port = ((IPEndPoint)listener.LocalEndpoint).Port;
            lock (Given)
            {
                if (Given.Add(port))
                {
                    ports.Add(port);
                }
            }
        }

        listeners.ForEach(listener => listener.Dispose());
        return ports;
    }
}
