using k8s.Models;
using Orleans.StatefulSets.Grains.Pods;

namespace Orleans.StatefulSets.Grains.Tests.Pods;

public sealed class ServiceSelectionTests
{
    [Theory]
    [InlineData("app=web", "app=web,tier=front", true)]
    [InlineData("app=web,tier=front", "app=web,tier=front", true)]
    [InlineData("app=web,tier=front", "app=web", false)]
    [InlineData("app=web", "app=db", false)]
    [InlineData("app=web", "", false)]
    [InlineData("", "app=web", false)]
    public void A_pod_is_selected_when_it_carries_every_pair(string selector, string labels, bool selected) =>
        Assert.Equal(selected, ServiceSelection.Selects(new V1Service { Spec = new V1ServiceSpec { Selector = Pairs(selector) } }, Pairs(labels)));

    [Fact]
    public void Without_a_selector_or_without_labels_nothing_is_selected()
    {
        Assert.False(ServiceSelection.Selects(new V1Service { Spec = new V1ServiceSpec() }, Pairs("app=web")));
        Assert.False(ServiceSelection.Selects(new V1Service(), Pairs("app=web")));
        Assert.False(ServiceSelection.Selects(new V1Service { Spec = new V1ServiceSpec { Selector = Pairs("app=web") } }, null));
    }

    private static Dictionary<string, string> Pairs(string text) =>
        text.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('=')).ToDictionary(pair => pair[0], pair => pair[1]);
}
