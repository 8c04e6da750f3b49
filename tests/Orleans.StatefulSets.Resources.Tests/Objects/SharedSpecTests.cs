using System.Text;
using k8s.Models;
using Orleans.StatefulSets.Resources.Objects;

namespace Orleans.StatefulSets.Resources.Tests.Objects;

public sealed class SharedSpecTests
{
    private static readonly V1Pod Pod = new()
    {
        ApiVersion = "v1",
        Kind = "Pod",
        Metadata = new V1ObjectMeta { Name = "web-0", NamespaceProperty = "default", Annotations = new Dictionary<string, string> { ["spec"] = "{\"spec\":{\"a\":1}} <é>" } },
        Spec = new V1PodSpec { Containers = [new V1Container { Name = "c", Image = "nginx", Args = ["\"spec\"", "a\\b", "<ü>"] }], NodeName = "node-1" },
    };

    [Fact]
    public void A_changed_status_beside_the_same_spec_is_encoded_as_the_whole_would_be()
    {
        var next = Pod with
        {
            Metadata = Pod.Metadata with { Generation = 2, DeletionTimestamp = new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc) },
            Status = new V1PodStatus { Phase = "Running", PodIP = "10.0.0.1", Message = "\"é\"\n<&>" },
        };

        AssertSame(next, Pod);
        AssertSame(next with { Status = null }, next);
    }

    [Fact]
    public void What_stands_before_the_spec_is_not_taken_for_it()
    {
        var set = new V1StatefulSet
        {
            ApiVersion = "apps/v1",
            Kind = "StatefulSet",
            Metadata = new V1ObjectMeta { Name = "web", Labels = new Dictionary<string, string> { ["spec"] = "x" } },
            Spec = new V1StatefulSetSpec { ServiceName = "nginx", Replicas = 2, Selector = new V1LabelSelector(), Template = new V1PodTemplateSpec { Spec = Pod.Spec } },
        };

        AssertSame(set with { Status = new V1StatefulSetStatus { Replicas = 2, ReadyReplicas = 1 } }, set);
    }

    [Fact]
    public void Another_spec_is_encoded_itself()
    {
        var next = Pod with { Spec = Pod.Spec with { NodeName = "node-2" } };

        AssertSame(next, Pod);
        AssertSame(next, null);
    }

    [Fact]
    public void The_spec_is_copied_and_not_encoded_again()
    {
        var marked = Encoding.UTF8.GetBytes("""{"apiVersion":"v1","kind":"Pod","metadata":{},"spec":{"marked":true},"status":{}}""");

        var encoded = SharedSpec.Encode(Pod with { Status = new V1PodStatus { Phase = "Running" } }, Pod, marked);

        Assert.Contains("\"spec\":{\"marked\":true},\"status\":{\"phase\":\"Running\"}}", Encoding.UTF8.GetString(encoded), StringComparison.Ordinal);
    }

    private static void AssertSame(object next, object? before)
    {
        var payload = before is null ? [] : ObjectJson.Encode(before);

        Assert.Equal(Encoding.UTF8.GetString(ObjectJson.Encode(next)), Encoding.UTF8.GetString(SharedSpec.Encode(next, before, payload)));
    }
}
