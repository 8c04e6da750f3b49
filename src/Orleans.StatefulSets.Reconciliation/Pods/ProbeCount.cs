using k8s.Models;

namespace Orleans.StatefulSets.Reconciliation.Pods;

/// <summary>Which of a container's probes.</summary>
public enum ProbeKind
{
    /// <summary>Whether it has started; the others wait for it.</summary>
    Startup,

    /// <summary>Whether it lives; otherwise it is ended and started again.</summary>
    Liveness,

    /// <summary>Whether it may be sent work.</summary>
    Readiness,
}

/// <summary>
/// What a probe's outcomes come to: so many of one kind in a row decide (<c>successThreshold</c>, <c>failureThreshold</c>;
/// <c>pkg/kubelet/prober/worker.go</c>).
/// </summary>
public sealed record ProbeCount
{
    private ProbeCount()
    {
    }

    /// <summary>What was decided last; null for nothing yet, as a startup probe begins.</summary>
    public bool? Verdict { get; private init; }

    private int SuccessThreshold { get; init; }

    private int FailureThreshold { get; init; }

    private bool Last { get; init; }

    private int InARow { get; init; }

    /// <summary>Where a probe begins: a container is not ready, but lives, until a probe says otherwise.</summary>
    public static ProbeCount Of(V1Probe probe, ProbeKind kind) => new()
    {
        Verdict = kind switch { ProbeKind.Liveness => true, ProbeKind.Readiness => false, _ => null },
        SuccessThreshold = Math.Max(1, probe.SuccessThreshold ?? 1),
        FailureThreshold = Math.Max(1, probe.FailureThreshold ?? 3),
    };

    /// <summary>One more outcome.</summary>
    public ProbeCount Next(bool succeeded)
    {
        var inARow = InARow > 0 && Last == succeeded ? InARow + 1 : 1;
        var decided = inARow >= (succeeded ? SuccessThreshold : FailureThreshold);
        return this with { Last = succeeded, InARow = inARow, Verdict = decided ? succeeded : Verdict };
    }
}
