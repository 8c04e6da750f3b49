using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Orleans.StatefulSets.Reconciliation.Nodes;
using Orleans.StatefulSets.Storage;
using Orleans.StatefulSets.Workloads.Network;

namespace Orleans.StatefulSets.Server.Options;

/// <summary>Reads the text of a value and holds it to its bounds.</summary>
internal static class SettingValues
{
    public static int WholeNumber(string text, int least, int most) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw new OptionException(string.Create(CultureInfo.InvariantCulture, $"'{text}' is not a whole number from {least} to {most}"));

    public static double Number(string text, double least, double most) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw new OptionException(string.Create(CultureInfo.InvariantCulture, $"'{text}' is not a number from {least} to {most}"));

    public static int Port(string text) => WholeNumber(text, 1, 65_535);

    public static string HostName(string text) => Uri.CheckHostName(text) is not UriHostNameType.Unknown
        ? text
        : throw new OptionException($"'{text}' is not an address or a host name");

    // The short forms of IPv4 ("1" for 0.0.0.1) are nothing that anybody means here.
    public static IPAddress Address(string text) =>
        IPAddress.TryParse(text, out var address) && (address.AddressFamily == AddressFamily.InterNetworkV6 || text.Count(character => character == '.') == 3)
            ? address
            : throw new OptionException($"'{text}' is not an address such as 192.0.2.1");

    public static IPEndPoint EndPoint(string text) =>
        IPEndPoint.TryParse(text, out var endpoint) && endpoint.Port > 0 && text.EndsWith($":{endpoint.Port.ToString(CultureInfo.InvariantCulture)}", StringComparison.Ordinal)
            ? endpoint
            : throw new OptionException($"'{text}' is not an address and a port, such as 127.0.0.1:10053");

    public static string ServiceAddress(string text) =>
        Ipv4Address.TryParse(text, out var address) && NodeAddresses.MayBeService(address.ToIPAddress())
            ? text
            : throw new OptionException($"'{text}' is not an address of Services, such as 10.96.0.10");

    public static TimeSpan Duration(string text, TimeSpan least, TimeSpan most) =>
        DurationText.TryParse(text, out var duration) && duration >= least && duration <= most
            ? duration
            : throw new OptionException(
                $"'{text}' is not a duration from {DurationText.Write(least)} to {DurationText.Write(most)}, such as 200ms, 1.5s or 2m");

    public static long Size(string text, long least, long most) =>
        SizeText.TryParse(text, out var bytes) && bytes >= least && bytes <= most
            ? bytes
            : throw new OptionException($"'{text}' is not a size from {SizeText.Write(least)} to {SizeText.Write(most)}, such as 512KiB or 64MiB");

    public static T Choice<T>(string text, params (string Name, T Value)[] choices)
    {
        foreach (var (name, value) in choices)
        {
            if (name == text)
            {
                return value;
            }
        }

        throw new OptionException($"'{text}' is not {string.Join(" or ", choices.Select(choice => choice.Name))}");
    }

    public static bool Flag(string text) => Choice(text.ToLowerInvariant(), ("true", true), ("false", false));

    public static string Postgres(string text)
    {
        try
        {
            return PostgresAddress.Parse(text).ConnectionString;
        }
        catch (JournalStorageException refusal)
        {
            throw new OptionException(refusal.Message);
        }
    }

    public static string Folder(string text) =>
        text.Length > 0 && !text.Contains('\0', StringComparison.Ordinal) ? text : throw new OptionException($"'{text}' is not a folder");

    public static string File(string text) =>
        text.Length > 0 && !text.Contains('\0', StringComparison.Ordinal) ? text : throw new OptionException($"'{text}' is not a file");
}
