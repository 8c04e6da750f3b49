using k8s.Models;
using Orleans.StatefulSets.Reconciliation.Pods;

namespace Orleans.StatefulSets.Reconciliation.Tests.Pods;

/// <summary>https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/#configure-probes</summary>
public sealed class ProbeCountTests
{
    // "The default state of readiness before the initial delay is Failure. If a container does not provide a readiness probe, the default state is Success."
    // pkg/kubelet/prober/worker.go, newWorker: liveness begins with Success, startup with Unknown.
    [Theory]
    [InlineData(ProbeKind.Startup, null)]
    [InlineData(ProbeKind.Liveness, true)]
    [InlineData(ProbeKind.Readiness, false)]
    public void A_probe_begins_with_what_is_assumed_until_it_has_spoken(ProbeKind kind, bool? verdict) =>
        Assert.Equal(verdict, ProbeCount.Of(new V1Probe(), kind).Verdict);

    // "failureThreshold: After a probe fails failureThreshold times in a row, Kubernetes considers that the overall check has failed … Defaults to 3."
    [Theory]
    [InlineData(ProbeKind.Liveness, "--", true)]
    [InlineData(ProbeKind.Liveness, "---", false)]
    [InlineData(ProbeKind.Liveness, "--+--", true)]
    [InlineData(ProbeKind.Liveness, "--+---", false)]
    [InlineData(ProbeKind.Readiness, "+--", true)]
    [InlineData(ProbeKind.Readiness, "+---", false)]
    [InlineData(ProbeKind.Readiness, "+---+", true)]
    [InlineData(ProbeKind.Startup, "--", null)]
    [InlineData(ProbeKind.Startup, "--+", true)]
    [InlineData(ProbeKind.Startup, "---", false)]
    public void Three_failures_in_a_row_decide_and_one_success(ProbeKind kind, string outcomes, bool? verdict) =>
        Assert.Equal(verdict, After(new V1Probe(), kind, outcomes));

    // "successThreshold: Minimum consecutive successes for the probe to be considered successful after having failed."
    [Theory]
    [InlineData("+", false)]
    [InlineData("++", true)]
    [InlineData("+-+", false)]
    [InlineData("++-", false)]
    [InlineData("++-+", false)]
    [InlineData("++-++", true)]
    public void As_many_successes_in_a_row_as_are_asked_for_decide(string outcomes, bool verdict) =>
        Assert.Equal(verdict, After(new V1Probe { SuccessThreshold = 2, FailureThreshold = 1 }, ProbeKind.Readiness, outcomes));

    private static bool? After(V1Probe probe, ProbeKind kind, string outcomes) =>
        outcomes.Aggregate(ProbeCount.Of(probe, kind), (count, outcome) => count.Next(outcome == '+')).Verdict;
}
