namespace Orleans.StatefulSets.Benchmarks.Figures;

/// <summary>A value to compare with.</summary>
/// <param name="Text">As it was measured, a range perhaps.</param>
/// <param name="Value">The better end of the range.</param>
internal sealed record Yardstick(string Text, double Value);

/// <summary>What the figures are held against; measured on 2 cores, in the units of the figures.</summary>
internal static class Yardsticks
{
    /// <summary>
    /// etcd, kube-apiserver, kube-controller-manager and kube-scheduler 1.20.2, client limits lifted, with a kubelet that reports pods
    /// Running at once. The sets with claims had 500 pods, the ordered ones 100.
    /// </summary>
    public static Yardstick? ControlPlane(string scenario, string figure) => (scenario, figure) switch
    {
        ("parallel", Figure.Up) => new("72–85", 85),
        ("parallel", Figure.Down) => new("75–100", 100),
        ("claims", Figure.Up) => new("23", 23),
        ("ordered", Figure.Up) => new("31", 31),
        ("memory", Figure.Empty) => new("700", 700),
        ("memory", Figure.At2000) => new("1,300", 1300),
        ("start", Figure.Empty) => new("5.2", 5.2),
        _ => null,
    };

    /// <summary>A grain a pod, one journal grain, four commits of 2.5 KB a pod, and no Kubernetes: what the grains and the storage allow.</summary>
    public static Yardstick? Ceiling(string scenario, string storage, string figure) => (scenario, storage, figure) switch
    {
        ("parallel", "memory", Figure.Up) => new("6,500–6,800", 6800),
        ("parallel", "memory", Figure.UpCpu) => new("240", 240),
        ("parallel", "sqlite", Figure.Up) => new("2,500–2,900", 2900),
        ("parallel", "sqlite", Figure.UpCpu) => new("510–620", 510),
        ("ordered", "memory", Figure.Up) => new("7,000", 7000),
        ("ordered", "sqlite", Figure.Up) => new("1,220", 1220),
        _ => null,
    };
}
