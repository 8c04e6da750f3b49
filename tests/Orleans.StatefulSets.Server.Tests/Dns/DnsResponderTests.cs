using Orleans.StatefulSets.Server.Dns;
using Orleans.StatefulSets.Workloads.Network;

namespace Orleans.StatefulSets.Server.Tests.Dns;

public sealed class DnsResponderTests
{
    private const string Name = "nginx.default.svc.cluster.local";
    private const int A = 1;
    private const int Srv = 33;

    private static readonly DnsRecord Soa = new("cluster.local", DnsType.SOA, 30, "ns.dns.cluster.local hostmaster.cluster.local 42 7200 1800 86400 30");

    [Fact]
    public void A_response_repeats_the_question_and_bears_all_sections()
    {
        var answer = new DnsAnswer(true, [new DnsRecord(Name, DnsType.SRV, 30, $"0 100 80 web-0.{Name}")])
        {
            IsAuthoritative = true,
            Additional = [new DnsRecord($"web-0.{Name}", DnsType.A, 30, "10.244.0.2")],
        };

        var read = Respond(answer, WrittenQuery.Of(Name, Srv, datagramBytes: 1232))!;

        Assert.Equal((0x1234, 0x8500), (read.Id, read.Flags));
        Assert.Equal([$"{Name} 33 1"], read.Questions);
        Assert.Equal([$"{Name} 30 SRV 0 100 80 web-0.{Name}"], read.Answers);
        Assert.Equal([$"web-0.{Name} 30 A 10.244.0.2", "OPT 1232 0"], read.Additional);
    }

    [Fact]
    public void Every_type_is_written()
    {
        DnsRecord[] records =
        [
            new(Name, DnsType.A, 30, "10.244.0.2"),
            new(Name, DnsType.CNAME, 30, "www.example.com"),
            new("cluster.local", DnsType.NS, 30, "kube-dns.kube-system.svc.cluster.local"),
            new("2.0.244.10.in-addr.arpa", DnsType.PTR, 30, $"web-0.{Name}"),
            new("dns-version.cluster.local", DnsType.TXT, 28_800, "1.1.0"),
            Soa,
        ];

        Assert.Equal(
            [
                $"{Name} 30 A 10.244.0.2",
                $"{Name} 30 5 www.example.com",
                "cluster.local 30 2 kube-dns.kube-system.svc.cluster.local",
                $"2.0.244.10.in-addr.arpa 30 12 web-0.{Name}",
                "dns-version.cluster.local 28800 TXT 1.1.0",
                "cluster.local 30 SOA ns.dns.cluster.local hostmaster.cluster.local 42 7200 1800 86400 30",
            ],
            Respond(new DnsAnswer(true, records), WrittenQuery.Of(Name, A))!.Answers);
    }

    [Fact]
    public void No_such_name_is_said_with_the_zones_authority()
    {
        var read = Respond(new DnsAnswer(false, []) { IsAuthoritative = true, Authority = [Soa] }, WrittenQuery.Of("nobody.cluster.local", A))!;

        Assert.Equal((3, 1), (read.Code, read.Authorities.Count));
    }

    [Theory]
    [InlineData(0x0100, 2, 1, A, 1)]
    [InlineData(0x0100, 0, 1, A, 1)]
    [InlineData(0x0100, 65_535, 1, A, 1)]
    [InlineData(0x2900, 1, 1, A, 4)]
    [InlineData(0x0100, 1, 3, 16, 5)]
    [InlineData(0x0100, 1, 1, 252, 5)]
    [InlineData(0x0100, 1, 1, 251, 5)]
    public void What_is_not_answered_is_refused_by_its_reason(int flags, int questions, int @class, int type, int code)
    {
        var read = Respond(new DnsAnswer(true, [new DnsRecord(Name, DnsType.A, 30, "10.244.0.2")]), WrittenQuery.Of(Name, type, @class, flags, questions))!;

        Assert.Equal((code, 0), (read.Code, read.Answers.Count));
        Assert.Equal(flags & 0x7900, read.Flags & 0x7900);
    }

    [Fact]
    public void A_later_EDNS_is_told_so()
    {
        var read = Respond(new DnsAnswer(true, []), WrittenQuery.Of(Name, A, datagramBytes: 1232, ednsVersion: 1))!;

        Assert.Equal((0, "OPT 1232 1"), (read.Code, Assert.Single(read.Additional)));
    }

    [Fact]
    public void Until_the_cluster_is_known_queries_fail()
    {
        var buffer = new byte[DnsResponder.MostBytes];
        var length = new DnsResponder(new FixedNetwork(_ => new DnsAnswer(false, [])), () => false).Respond(WrittenQuery.Of(Name, A), buffer, isDatagram: true);

        Assert.Equal(2, ReadMessage.Of(buffer.AsSpan(0, length)).Code);
    }

    [Fact]
    public void A_response_is_not_answered_nor_is_half_a_header()
    {
        Assert.Null(Respond(new DnsAnswer(true, []), WrittenQuery.Of(Name, A, flags: 0x8180)));
        Assert.Null(Respond(new DnsAnswer(true, []), WrittenQuery.Of(Name, A)[..11]));
        Assert.Null(Respond(new DnsAnswer(true, []), []));
    }

    [Theory]
    [InlineData(null, 512)]
    [InlineData(100, 512)]
    [InlineData(1232, 1232)]
    [InlineData(4096, 4096)]
    [InlineData(65_535, 4096)]
    public void A_datagram_is_as_long_as_the_client_takes_and_says_what_it_lacks(int? asked, int most)
    {
        var buffer = new byte[DnsResponder.MostBytes];
        var length = Responder(Many(1000)).Respond(WrittenQuery.Of(Name, A, datagramBytes: asked), buffer, isDatagram: true);
        var read = ReadMessage.Of(buffer.AsSpan(0, length));

        Assert.True(read.IsTruncated);
        Assert.InRange(length, most - 16, most);
        Assert.Equal(Many(1000).Records.Take(read.Answers.Count).Select(record => $"{record.Name} 30 A {record.Data}"), read.Answers);
    }

    [Fact]
    public void Over_TCP_all_of_a_thousand_comes_and_of_too_many_what_fits()
    {
        var buffer = new byte[DnsResponder.MostBytes];
        var whole = ReadMessage.Of(buffer.AsSpan(0, Responder(Many(1000)).Respond(WrittenQuery.Of(Name, A), buffer, isDatagram: false)));
        Assert.Equal((1000, false), (whole.Answers.Count, whole.IsTruncated));

        var length = Responder(Many(6000)).Respond(WrittenQuery.Of(Name, A), buffer, isDatagram: false);
        Assert.InRange(length, DnsResponder.MostBytes - 16, DnsResponder.MostBytes);
        Assert.True(ReadMessage.Of(buffer.AsSpan(0, length)).IsTruncated);
    }

    [Fact]
    public void Additional_records_that_do_not_fit_are_left_out_and_nothing_is_lost_by_it()
    {
        var answer = new DnsAnswer(true, [new DnsRecord(Name, DnsType.A, 30, "10.244.0.2")]) { Additional = [.. Many(100).Records] };

        var read = Respond(answer, WrittenQuery.Of(Name, A))!;

        Assert.Equal((1, false), (read.Answers.Count, read.IsTruncated));
        Assert.InRange(read.Additional.Count, 20, 40);
    }

    [Fact]
    public void Thousands_of_names_are_written_and_pointed_to_rightly()
    {
        var records = Enumerable.Range(0, 900).Select(index => new DnsRecord(Name, DnsType.SRV, 30, $"0 1 80 web-{index}.{Name}")).ToList();
        var addresses = records.Select((record, index) => new DnsRecord($"web-{index}.{Name}", DnsType.A, 30, $"10.1.{index / 250}.{index % 250}")).ToList();
        var buffer = new byte[DnsResponder.MostBytes];
        var length = Responder(new DnsAnswer(true, records) { Additional = addresses }).Respond(WrittenQuery.Of(Name, Srv), buffer, isDatagram: false);
        var read = ReadMessage.Of(buffer.AsSpan(0, length));

        Assert.Equal(records.Select(record => $"{Name} 30 SRV {record.Data}"), read.Answers);
        Assert.Equal(addresses.Take(read.Additional.Count).Select(record => $"{record.Name} 30 A {record.Data}"), read.Additional);
        Assert.InRange(read.Additional.Count, 100, 900);
    }

    // RFC 1035: "labels are restricted to 63 octets or less".
    [Fact]
    public void A_name_that_cannot_be_said_fails() => Assert.Equal(
        2, Respond(new DnsAnswer(true, [new DnsRecord(Name, DnsType.CNAME, 30, $"{new string('a', 64)}.example.com")]), WrittenQuery.Of(Name, A))!.Code);

    [Fact]
    public void Odd_bytes_in_a_name_are_repeated_as_they_came_and_match_nothing()
    {
        var asked = new List<DnsQuestion>();
        var query = WrittenQuery.Of("a b\\c.\u00ff\u0000.local", A);
        var buffer = new byte[DnsResponder.MostBytes];
        var responder = new DnsResponder(
            new FixedNetwork(question =>
            {
                asked.Add(question);
                return new DnsAnswer(false, []);
            }),
            () => true);

        var length = responder.Respond(query, buffer, isDatagram: true);

        Assert.Equal(@"a\032b\092c.\255\000.local", Assert.Single(asked).Name);
        Assert.Equal(query[12..], buffer[12..length]);
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    public void Whatever_comes_a_response_is_well_made_or_there_is_none(int seed)
    {
        var chance = new Random(seed);
        var responder = Responder(Many(50) with { Authority = [Soa] });
        var buffer = new byte[DnsResponder.MostBytes];
        var answered = 0;
        for (var round = 0; round < 30_000; round++)
        {
            var query = Mutated(chance, WrittenQuery.Of(Name, chance.Next(4) == 0 ? Srv : A, datagramBytes: chance.Next(2) == 0 ? chance.Next(5000) : null));
            var length = responder.Respond(query, buffer, isDatagram: chance.Next(2) == 0);
            if (length > 0)
            {
                answered++;
                var read = ReadMessage.Of(buffer.AsSpan(0, length));
                Assert.Equal((query[0] << 8) | query[1], read.Id);
                Assert.NotEqual(0, read.Flags & 0x8000);
            }
        }

        Assert.InRange(answered, 10_000, 30_000);
    }

    private static byte[] Mutated(Random chance, byte[] query)
    {
        if (chance.Next(8) == 0)
        {
            chance.NextBytes(query);
        }

        for (var change = chance.Next(4); change > 0; change--)
        {
            query[chance.Next(query.Length)] = (byte)chance.Next(256);
        }

        return chance.Next(4) == 0 ? query[..chance.Next(query.Length)] : query;
    }

    private static DnsAnswer Many(int count) =>
        new(true, [.. Enumerable.Range(0, count).Select(index => new DnsRecord(Name, DnsType.A, 30, $"10.1.{index / 250}.{index % 250}"))]);

    private static DnsResponder Responder(DnsAnswer answer) => new(new FixedNetwork(_ => answer), () => true);

    private static ReadMessage? Respond(DnsAnswer answer, byte[] query)
    {
        var buffer = new byte[DnsResponder.MostBytes];
        var length = Responder(answer).Respond(query, buffer, isDatagram: true);
        return length == 0 ? null : ReadMessage.Of(buffer.AsSpan(0, length));
    }
}
