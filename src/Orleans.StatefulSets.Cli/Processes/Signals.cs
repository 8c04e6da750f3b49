using System.Runtime.InteropServices;

namespace Orleans.StatefulSets.Cli.Processes;

/// <summary>Sends signals to processes of this machine, never to one that only has the id of another.</summary>
internal static partial class Signals
{
    /// <summary>Ctrl-C's: PostgreSQL ends its sessions and then itself.</summary>
    public const int Interrupt = 2;

    /// <summary>Ends without a last word.</summary>
    public const int Kill = 9;

    /// <summary>Asks to end in order.</summary>
    public const int Terminate = 15;

    /// <summary>Sends a signal; one who is gone already doesn't hear it.</summary>
    public static void Send(ProcessIdentity process, int signal)
    {
        if (process.IsAlive)
        {
            _ = SendTo(process.Id, signal);
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendTo(int id, int signal);
}
