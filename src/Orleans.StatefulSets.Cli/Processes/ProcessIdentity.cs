using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Serialization;

namespace Orleans.StatefulSets.Cli.Processes;

/// <summary>
/// One process, told apart from any later one that gets the same id: on Linux by the boot and the clock tick at which it began, which every
/// reader sees alike; elsewhere by its start time.
/// </summary>
/// <param name="Id">The process id.</param>
/// <param name="Began">When it began, as a text to be compared.</param>
internal sealed record ProcessIdentity(int Id, string Began)
{
    // Fields of /proc/PID/stat, counted from the state, which follows the name in parentheses.
    private const int StateField = 0;
    private const int StartField = 19;

    /// <summary>Whether this very process still runs. One that ended and was not yet waited for doesn't.</summary>
    [JsonIgnore]
    public bool IsAlive => Find(Id) == this;

    /// <summary>The process that has this id now; null where none runs.</summary>
    public static ProcessIdentity? Find(int id)
    {
        if (OperatingSystem.IsLinux())
        {
            return FindOnLinux(id);
        }

        try
        {
            using var process = Process.GetProcessById(id);
            return process.HasExited ? null : new(id, process.StartTime.ToUniversalTime().ToString("O", CultureInfo.InvariantCulture));
        }
        catch (Exception gone) when (gone is ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    private static ProcessIdentity? FindOnLinux(int id)
    {
        try
        {
            var stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{id}/stat"));
            var fields = stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            var hasEnded = fields[StateField] is "Z" or "X";
            return hasEnded ? null : new(id, $"{File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim()}/{fields[StartField]}");
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
