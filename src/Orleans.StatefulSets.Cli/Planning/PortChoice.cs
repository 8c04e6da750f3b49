using System.Net;
using System.Net.Sockets;
using Orleans.StatefulSets.Cli.CommandLine;

namespace Orleans.StatefulSets.Cli.Planning;

/// <summary>Chooses TCP ports of loopback, none of them twice.</summary>
/// <param name="isFree">Whether nobody listens on a port.</param>
internal sealed class PortChoice(Func<int, bool> isFree)
{
    private const int Range = 1000;
    private readonly HashSet<int> taken = [];

    /// <summary>Keeps a port from being chosen.</summary>
    public void Leave(int port) => taken.Add(port);

    /// <summary>The first free port of a range.</summary>
    /// <exception cref="CommandException">All of it is in use.</exception>
    public int Next(int first)
    {
        for (var port = first; port < first + Range; port++)
        {
            if (!taken.Contains(port) && isFree(port))
            {
                taken.Add(port);
                return port;
            }
        }

        throw new CommandException($"no port from {first} to {first + Range - 1} is free");
    }

    /// <summary>Whether nobody listens on this port of this machine's loopback.</summary>
    public static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
