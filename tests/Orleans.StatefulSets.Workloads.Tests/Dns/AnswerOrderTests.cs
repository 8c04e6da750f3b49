using Orleans.StatefulSets.Workloads.Dns;
using Orleans.StatefulSets.Workloads.Network;

namespace Orleans.StatefulSets.Workloads.Tests.Dns;

public sealed class AnswerOrderTests
{
    private static readonly DnsAnswer Answer = new(true,
    [
        new DnsRecord("alias", DnsType.CNAME, 30, "name"),
        .. Enumerable.Range(0, 4).Select(index => new DnsRecord("name", DnsType.A, 30, $"10.0.0.{index}")),
    ]);

    [Fact]
    public void Each_address_comes_first_about_as_often_as_the_others()
    {
        var firsts = Enumerable.Range(0, 4000).Select(number => AnswerOrder.Shuffle(Answer, 7, (ulong)number).Records[1].Data).CountBy(data => data).ToList();

        Assert.Equal(4, firsts.Count);
        Assert.All(firsts, first => Assert.InRange(first.Value, 850, 1150));
    }

    [Fact]
    public void The_alias_stays_before_the_addresses_and_nothing_is_lost()
    {
        var shuffled = AnswerOrder.Shuffle(Answer, 7, 3);

        Assert.Equal(DnsType.CNAME, shuffled.Records[0].Type);
        Assert.Equal(Answer.Records.ToHashSet(), shuffled.Records.ToHashSet());
        Assert.Equal(5, shuffled.Records.Count);
    }

    [Fact]
    public void The_same_seed_and_number_give_the_same_order() => Assert.Equal(AnswerOrder.Shuffle(Answer, 7, 3).Records, AnswerOrder.Shuffle(Answer, 7, 3).Records);
}
