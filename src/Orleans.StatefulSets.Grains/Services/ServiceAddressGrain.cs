using System.Buffers.Binary;
using System.Net;
using k8s.Models;
using Orleans.StatefulSets.Grains.Objects;
using Orleans.StatefulSets.Grains.Replicas;
using Orleans.StatefulSets.Resources.Kinds;

namespace Orleans.StatefulSets.Grains.Services;

/// <inheritdoc cref="IServiceAddressGrain"/>
/// <remarks>
/// What is in use stands in the Services themselves; only what was given and is not committed yet lives here. Should two activations
/// ever give the same address, two Services share it, as after a repair of upstream's allocator.
/// </remarks>
internal sealed class ServiceAddressGrain(ReplicaSet replicas) : ClusterGrain, IServiceAddressGrain
{
    private static readonly IPNetwork Range = IPNetwork.Parse("10.96.0.0/12");
    private const int MostOutstanding = 1000;

    private readonly Dictionary<string, ObjectKey> given = [];
    private readonly Queue<string> order = new();
    private uint cursor;

    /// <inheritdoc/>
    public async Task<string?> Allocate(ObjectKey service, string wanted)
    {
        await replicas.For(service.Resource).WaitForHeadAsync(CancellationToken.None);
        var used = replicas.List(ResourceKinds.Services.Resource, null).Select(item => item.As<V1Service>().Spec?.ClusterIP).ToHashSet();
        var address = wanted.Length > 0 ? Wanted(wanted, service, used) : Next(used);
        if (address is not null && given.TryAdd(address, service))
        {
            order.Enqueue(address);
            if (order.Count > MostOutstanding)
            {
                given.Remove(order.Dequeue());
            }
        }

        return address;
    }

    private string? Wanted(string wanted, ObjectKey service, HashSet<string?> used) =>
        IPAddress.TryParse(wanted, out var address) && Range.Contains(address) && !used.Contains(wanted)
        && (!given.TryGetValue(wanted, out var holder) || holder == service)
            ? wanted
            : null;

    // Spread over the range, so that an address that was freed does not come back at once; the first 256 are left to those who ask by name.
    private string? Next(HashSet<string?> used)
    {
        var first = BinaryPrimitives.ReadUInt32BigEndian(Range.BaseAddress.GetAddressBytes());
        var size = 1u << (32 - Range.PrefixLength);
        for (var tries = 0u; tries < size; tries++)
        {
            cursor += 40_503;
            var address = Text(first + 256 + (cursor % (size - 512)));
            if (!used.Contains(address) && !given.ContainsKey(address))
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
