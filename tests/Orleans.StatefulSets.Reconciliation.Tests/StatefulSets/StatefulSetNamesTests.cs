using Orleans.StatefulSets.Reconciliation.StatefulSets;

namespace Orleans.StatefulSets.Reconciliation.Tests.StatefulSets;

public sealed class StatefulSetNamesTests
{
    [Theory]
    [InlineData("web-0", "web")]
    [InlineData("my-web-12", "my-web")]
    [InlineData("web-00", null)]
    [InlineData("web-012", null)]
    [InlineData("web-", null)]
    [InlineData("-1", null)]
    [InlineData("web", null)]
    [InlineData("web-a", null)]
    public void A_pods_name_says_of_which_set_it_may_be(string pod, string? set)
    {
        Assert.Equal(set, StatefulSetNames.SetOfPod(pod));
        Assert.Equal(set is not null, set is not null && StatefulSetNames.OrdinalOf(set, pod) >= 0);
    }

    [Theory]
    [InlineData("www-web-0", "web")]
    [InlineData("a-b-c-0", "b-c c")]
    [InlineData("a--b-0", "-b b")]
    [InlineData("web-0", "")]
    [InlineData("web", "")]
    [InlineData("www-web-01", "")]
    public void A_claims_name_says_of_which_sets_it_may_be(string claim, string sets) =>
        Assert.Equal(sets, string.Join(' ', StatefulSetNames.SetsOfClaim(claim)));
}
