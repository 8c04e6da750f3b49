using k8s.Models;
using Orleans.StatefulSets.Reconciliation.Pods;

namespace Orleans.StatefulSets.Reconciliation.Tests.Pods;

public class PodReadinessTests
{
    private static readonly DateTime ReadySince = new(2025, 6, 1, 12, 0, 0, DateTimeKind.Utc);

    [Theory]
    [InlineData(0, 0, true)]
    [InlineData(10, 9, false)]
    [InlineData(10, 10, true)]
    public void A_ready_pod_is_available_after_minReadySeconds(int minReadySeconds, int secondsReady, bool available)
    {
        Assert.Equal(available, PodReadiness.IsAvailable(Ready("True"), minReadySeconds, ReadySince.AddSeconds(secondsReady)));
        Assert.Equal(ReadySince.AddSeconds(minReadySeconds), PodReadiness.AvailableAt(Ready("True"), minReadySeconds));
    }

    [Fact]
    public void A_pod_that_is_not_ready_is_never_available()
    {
        Assert.False(PodReadiness.IsAvailable(Ready("False"), 0, ReadySince.AddDays(1)));
        Assert.Null(PodReadiness.AvailableAt(Ready("Unknown"), 0));
        Assert.False(PodReadiness.IsReady(new V1Pod()));
    }

    private static V1Pod Ready(string status) => new()
    {
        Status = new V1PodStatus { Conditions = [new V1PodCondition { Type = "Ready", Status = status, LastTransitionTime = ReadySince }] },
    };
}
