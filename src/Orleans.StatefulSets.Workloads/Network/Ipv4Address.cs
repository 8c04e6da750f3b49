using System.Buffers.Binary;
using System.Globalization;
using System.Net;

namespace Orleans.StatefulSets.Workloads.Network;

/// <summary>An IPv4 address in four bytes: tables of a hundred thousand of them hold no objects.</summary>
/// <param name="Number">The address as a number, the first octet highest.</param>
public readonly record struct Ipv4Address(uint Number)
{
    private const int Octets = 4;

    /// <summary>The address as the framework has it.</summary>
    public IPAddress ToIPAddress()
    {
        Span<byte> bytes = stackalloc byte[Octets];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, Number);
        return new IPAddress(bytes);
    }

    /// <summary>The address with dashes, <c>10-244-0-2</c>: the label of a pod, or of an endpoint without a host name.</summary>
    public string Dashed => Text('-');

    /// <summary>The address of a framework's, also of one mapped into IPv6; null for a true IPv6 address.</summary>
    public static Ipv4Address? Of(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return plain.TryWriteBytes(bytes, out var length) && length == Octets ? new Ipv4Address(BinaryPrimitives.ReadUInt32BigEndian(bytes)) : null;
    }

    /// <summary>Reads four decimal octets and nothing else: no leading zeros, no shorter forms.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out Ipv4Address address, char separator = '.')
    {
        address = default;
        Span<Range> parts = stackalloc Range[Octets + 1];
        if (text.Split(parts, separator) != Octets)
        {
            return false;
        }

        var number = 0u;
        foreach (var part in parts[..Octets])
        {
            var octet = text[part];
            if (octet.Length is 0 or > 3 || (octet.Length > 1 && octet[0] == '0') || !byte.TryParse(octet, NumberStyles.None, CultureInfo.InvariantCulture, out var value))
            {
                return false;
            }

            number = (number << 8) | value;
        }

        address = new Ipv4Address(number);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => Text('.');

    private string Text(char separator) => string.Create(
        CultureInfo.InvariantCulture, $"{Number >> 24}{separator}{(Number >> 16) & 255}{separator}{(Number >> 8) & 255}{separator}{Number & 255}");
}
