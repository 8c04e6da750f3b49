using Orleans.StatefulSets.Workloads.Network;

namespace Orleans.StatefulSets.Workloads.Programs.Tools;

/// <summary>A record's data as dig and host print it: names with their last dot, texts in quotes.</summary>
internal static class DnsText
{
    public static string Of(DnsRecord record) => record.Type switch
    {
        DnsType.A or DnsType.AAAA => record.Data,
        DnsType.TXT => $"\"{record.Data}\"",
        DnsType.SOA when record.Data.Split(' ') is [var server, var mailbox, .. var numbers] => $"{Full(server)} {Full(mailbox)} {string.Join(' ', numbers)}",
        _ => Full(record.Data),
    };

    private static string Full(string name) => name.TrimEnd('.') + ".";
}
