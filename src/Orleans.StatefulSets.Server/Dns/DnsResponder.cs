using Orleans.StatefulSets.Grains.Network;

namespace Orleans.StatefulSets.Server.Dns;

/// <summary>Turns queries into responses, both as bytes.</summary>
/// <param name="network">Who knows the zone.</param>
/// <param name="isReady">Whether the zone is known; until then a query fails, as CoreDNS' do before it has followed the API.</param>
internal sealed class DnsResponder(IClusterNetwork network, Func<bool> isReady)
{
    /// <summary>The most that a response has, over TCP: its length is told in two bytes.</summary>
    public const int MostBytes = 65_535;

    private const int LeastDatagramBytes = 512;

    // More than a client should ask for, less than makes a datagram of many fragments.
    private const int MostDatagramBytes = 4096;

    private const int Internet = 1;
    private const int AnyClass = 255;
    private const int IncrementalTransfer = 251;
    private const int WholeTransfer = 252;

    /// <summary>Answers a query.</summary>
    /// <param name="query">The bytes that came.</param>
    /// <param name="buffer">Where the response is written, <see cref="MostBytes"/> long.</param>
    /// <param name="isDatagram">The response must fit into a datagram.</param>
    /// <returns>The bytes of the response; 0 where there is nothing to say.</returns>
    public int Respond(ReadOnlyMemory<byte> query, Span<byte> buffer, bool isDatagram)
    {
        if (DnsQueryReader.Read(query) is not { } read)
        {
            return 0;
        }

        var room = isDatagram ? Math.Clamp(read.DatagramBytes ?? LeastDatagramBytes, LeastDatagramBytes, MostDatagramBytes) : MostBytes;
        var code = Refusal(read);
        var answer = code == DnsResponseCode.None ? network.Query(read.Question!.Value) : null;
        return DnsResponseWriter.Write(buffer[..room], read, answer is { Exists: false } ? DnsResponseCode.NoSuchName : code, answer)
            ?? DnsResponseWriter.Write(buffer[..room], read, DnsResponseCode.ServerFailure, null)!.Value;
    }

    private DnsResponseCode Refusal(DnsQuery query) =>
        query.Opcode != 0 ? DnsResponseCode.NotImplemented
        : query.Question is not { } question ? DnsResponseCode.FormatError
        : query.EdnsVersion > 0 ? DnsResponseCode.BadVersion
        : query.Class is not (Internet or AnyClass) || (int)question.Type is IncrementalTransfer or WholeTransfer ? DnsResponseCode.Refused
        : !isReady() ? DnsResponseCode.ServerFailure
        : DnsResponseCode.None;
}
