using System.Globalization;
using System.Net;
using System.Runtime.Versioning;

namespace Orleans.StatefulSets.Acceptance.Tests.Servers.Network;

/// <summary>Finds out which process holds a TCP connection, as <c>ss -p</c> does: by the socket's number, which both /proc/net/tcp and the process tell.</summary>
[SupportedOSPlatform("linux")]
internal static class SocketOwner
{
    private const int OwnColumn = 1;
    private const int PeerColumn = 2;
    private const int NumberColumn = 9;

    /// <summary>The process among these that holds the end of a connection; null where none of them does.</summary>
    /// <param name="own">The address of that end.</param>
    /// <param name="peer">The address of the other end.</param>
    /// <param name="processes">The ids of those who may be it.</param>
    public static int? Find(IPEndPoint own, IPEndPoint peer, IEnumerable<int> processes)
    {
        var ends = (Write(own), Write(peer));
        var number = File.ReadLines("/proc/net/tcp").Skip(1)
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(columns => (columns[OwnColumn], columns[PeerColumn]) == ends)
            .Select(columns => columns[NumberColumn]).FirstOrDefault();
        return number is null ? null : processes.Cast<int?>().FirstOrDefault(process => Holds(process!.Value, $"socket:[{number}]"));
    }

    private static bool Holds(int process, string socket)
    {
        try
        {
            return Directory.EnumerateFileSystemEntries($"/proc/{process}/fd").Any(file => Points(file, socket));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // It has ended.
            return false;
        }
    }

    private static bool Points(string file, string socket)
    {
        try
        {
            return new FileInfo(file).LinkTarget == socket;
        }
        catch (IOException)
        {
            // Closed meanwhile.
            return false;
        }
    }

    // The kernel writes the four bytes as one number of this machine's.
    private static string Write(IPEndPoint end) =>
        string.Create(CultureInfo.InvariantCulture, $"{BitConverter.ToUInt32(end.Address.GetAddressBytes()):X8}:{end.Port:X4}");
}
