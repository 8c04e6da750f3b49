using System.Buffers.Binary;
using System.Net;
using Microsoft.Extensions.Options;
using Orleans.StatefulSets.Grains.Network;
using Orleans.StatefulSets.Grains.Objects;
using Orleans.StatefulSets.Grains.Replicas;
using Orleans.StatefulSets.Reconciliation.Nodes;
using Orleans.StatefulSets.Resources.Kinds;

namespace Orleans.StatefulSets.Grains.Services;

/// <inheritdoc cref="IServiceAddressGrain"/>
/// <remarks>
/// What is in use stands in the Services themselves; only what was given and is not committed yet lives here. Should two activations
/// ever give the same address, two Services share it, as after a repair of upstream's allocator.
/// </remarks>
internal sealed class ServiceAddressGrain(ReplicaSet replicas, TimeProvider wall, IOptions<NetworkSettings> network) : ClusterGrain, IServiceAddressGrain
{
    private static readonly IPNetwork Range = NodeAddresses.Services;

    private readonly GivenAddresses given = new(wall);
    private uint cursor;

    /// <inheritdoc/>
    public async Task<string?> Allocate(ObjectKey service, string wanted)
    {
        await replicas.For(service.Resource).WaitForHeadAsync(CancellationToken.None);
        var address = wanted.Length > 0 ? Wanted(wanted, service) : Next();
        if (address is not null)
        {
            given.Add(address, service);
        }

        return address;
    }

    private string? Wanted(string wanted, ObjectKey service) =>
        IPAddress.TryParse(wanted, out var address) && IsGiven(address) && !replicas.ServiceAddresses.IsTaken(wanted) && !given.IsAnothers(wanted, service)
            ? wanted
            : null;

    // DNS may be where a page says that it is, outside of the range.
    private bool IsGiven(IPAddress address) => Range.Contains(address) || address.ToString() == network.Value.DnsAddress;

    // Spread over the range, so that an address that was freed does not come back at once; the first 256 are left to those who ask by name.
    private string? Next()
    {
        var first = BinaryPrimitives.ReadUInt32BigEndian(Range.BaseAddress.GetAddressBytes());
        var size = 1u << (32 - Range.PrefixLength);
        for (var tries = 0u; tries < size; tries++)
        {
            cursor += 40_503;
            var address = Text(first + 256 + (cursor % (size - 512)));
            if (!replicas.ServiceAddresses.IsTaken(address) && !given.Contains(address))
            {
                return address;
            }
        }

        return null;
    }

    private static string Text(uint address)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, address);
        return new IPAddress(bytes).ToString();
    }
}
