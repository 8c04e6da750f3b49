using System.Net;
using Orleans.StatefulSets.Grains.Network;
using Orleans.StatefulSets.Workloads.Network;

namespace Orleans.StatefulSets.Server.Tests.Dns;

/// <summary>A network whose DNS says one thing.</summary>
internal sealed class FixedNetwork(Func<DnsQuestion, DnsAnswer> answer) : IClusterNetwork
{
    public string DnsAddress => "10.96.0.10";

    public DnsAnswer Query(DnsQuestion question) => answer(question);

    public ConnectionEnd Find(IPEndPoint to, ConnectionOrigin from) => new(ConnectionOutcome.Unreachable);

    public bool Answers(IPAddress address) => false;
}
