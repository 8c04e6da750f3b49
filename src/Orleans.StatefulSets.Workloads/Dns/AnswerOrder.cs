using Orleans.StatefulSets.Workloads.Network;

namespace Orleans.StatefulSets.Workloads.Dns;

/// <summary>
/// Puts the addresses of an answer in another order each time, so that clients that take the first one spread over all (CoreDNS'
/// <c>loadbalance</c>, which kubeadm's Corefile has).
/// </summary>
public static class AnswerOrder
{
    /// <param name="answer">The answer as the zone gives it.</param>
    /// <param name="seed">The cluster's seed.</param>
    /// <param name="number">The number of the question.</param>
    public static DnsAnswer Shuffle(DnsAnswer answer, ulong seed, ulong number)
    {
        var addresses = answer.Records.Where(IsAddress).ToArray();
        if (addresses.Length < 2)
        {
            return answer;
        }

        var draw = Chance.Draw(seed, number);
        for (var last = addresses.Length - 1; last > 0; last--)
        {
            var other = Chance.Below(last + 1, draw, (ulong)last);
            (addresses[last], addresses[other]) = (addresses[other], addresses[last]);
        }

        return answer with { Records = [.. answer.Records.Where(record => !IsAddress(record)), .. addresses] };
    }

    private static bool IsAddress(DnsRecord record) => record.Type is DnsType.A or DnsType.AAAA;
}
