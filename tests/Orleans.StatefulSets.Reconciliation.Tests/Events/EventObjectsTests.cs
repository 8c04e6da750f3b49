using k8s.Models;
using Orleans.StatefulSets.Reconciliation.Events;

namespace Orleans.StatefulSets.Reconciliation.Tests.Events;

public class EventObjectsTests
{
    private static readonly DateTime Now = new(2025, 6, 1, 12, 0, 0, 700, DateTimeKind.Utc);

    private static readonly V1ObjectReference Pod = new()
    {
        ApiVersion = "v1",
        Kind = "Pod",
        NamespaceProperty = "shop",
        Name = "web-0",
        Uid = "uid",
        ResourceVersion = "7",
    };

    [Fact]
    public void A_new_event_stands_beside_its_object_and_counts_one()
    {
        var stored = EventObjects.New(ObjectEvent.Normal("kubelet", "Started", "Started container nginx", "node-1") with { FieldPath = "spec.containers{nginx}" }, Pod, EventObjects.Suffix(255), Now);

        Assert.Equal(("web-0.ff", "shop"), (stored.Metadata.Name, stored.Metadata.NamespaceProperty));
        Assert.Equal(("Normal", "Started", "Started container nginx", 1), (stored.Type, stored.Reason, stored.Message, stored.Count));
        Assert.Equal(("kubelet", "node-1", "kubelet", "node-1"), (stored.Source.Component, stored.Source.Host, stored.ReportingComponent, stored.ReportingInstance));
        Assert.Equal(new DateTime(2025, 6, 1, 12, 0, 0, DateTimeKind.Utc), stored.FirstTimestamp);
        Assert.Equal(Pod with { FieldPath = "spec.containers{nginx}" }, stored.InvolvedObject);
    }

    [Fact]
    public void The_same_told_again_counts_on_and_keeps_its_first_time()
    {
        var told = ObjectEvent.Warning("default-scheduler", "FailedScheduling", "0/3 nodes are available");
        var again = EventObjects.Again(EventObjects.New(told, Pod, "a", Now), Now.AddSeconds(5));

        Assert.Equal((2, 5.0), (again.Count, (again.LastTimestamp - again.FirstTimestamp)!.Value.TotalSeconds));
        Assert.Equal(EventObjects.Key(told, Pod), EventObjects.Key(told with { }, Pod with { ResourceVersion = "8" }));
        Assert.NotEqual(EventObjects.Key(told, Pod), EventObjects.Key(told with { Message = "0/4 nodes are available" }, Pod));
        Assert.NotEqual(EventObjects.Key(told, Pod), EventObjects.Key(told, Pod with { Uid = "another" }));
    }

    [Fact]
    public void An_event_about_a_node_stands_in_the_default_namespace() =>
        Assert.Equal(
            "default",
            EventObjects.New(ObjectEvent.Normal("kubelet", "Starting", "Starting kubelet."), new V1ObjectReference { Kind = "Node", Name = "node-1" }, "1", Now)
                .Metadata.NamespaceProperty);
}
