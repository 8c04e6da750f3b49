using Orleans.StatefulSets.Reconciliation.StatefulSets;

namespace Orleans.StatefulSets.Reconciliation.Tests.StatefulSets;

public sealed class StatefulSetEventsTests
{
    [Fact]
    public void Texts_are_those_of_upstream()
    {
        Assert.Equal(new("Normal", "SuccessfulCreate", "create Pod web-0 in StatefulSet web successful"), StatefulSetEvents.PodCreated("web", "web-0"));
        Assert.Equal(new("Normal", "SuccessfulDelete", "delete Pod web-0 in StatefulSet web successful"), StatefulSetEvents.PodDeleted("web", "web-0"));
        Assert.Equal(
            new("Warning", "FailedCreate", "create Pod web-0 in StatefulSet web failed error: pvc www-web-0 is being deleted"),
            StatefulSetEvents.PodCreationFailed("web", "web-0", "pvc www-web-0 is being deleted"));
        Assert.Equal(
            new("Normal", "SuccessfulCreate", "create Claim www-web-0 Pod web-0 in StatefulSet web success"),
            StatefulSetEvents.ClaimCreated("web", "web-0", "www-web-0"));
        Assert.Equal(
            new("Warning", "FailedCreate", "create Claim www-web-0 for Pod web-0 in StatefulSet web failed error: no"),
            StatefulSetEvents.ClaimCreationFailed("web", "web-0", "www-web-0", "no"));
    }
}
