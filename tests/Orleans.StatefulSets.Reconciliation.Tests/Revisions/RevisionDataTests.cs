using System.Text;
using System.Text.Json;
using k8s.Models;
using Orleans.StatefulSets.Reconciliation.Revisions;
using Orleans.StatefulSets.Resources.Objects;

namespace Orleans.StatefulSets.Reconciliation.Tests.Revisions;

public sealed class RevisionDataTests
{
    private const string TutorialTemplate = """
        {"metadata":{"labels":{"app":"nginx"}},"spec":{"restartPolicy":"Always","dnsPolicy":"ClusterFirst","schedulerName":"default-scheduler",
        "securityContext":{},"terminationGracePeriodSeconds":30,"containers":[{"name":"nginx","image":"k8s.gcr.io/nginx-slim:0.8",
        "imagePullPolicy":"IfNotPresent","ports":[{"name":"web","containerPort":80,"protocol":"TCP"}],"terminationMessagePolicy":"File",
        "terminationMessagePath":"/dev/termination-log","volumeMounts":[{"name":"www","mountPath":"/usr/share/nginx/html"}]}]}}
        """;

    // Seen on a real control plane for the tutorial's web.yaml.
    private const string TutorialData =
        """{"spec":{"template":{"$patch":"replace","metadata":{"creationTimestamp":null,"labels":{"app":"nginx"}},"spec":{"containers":[{"image":"k8s.gcr.io/nginx-slim:0.8","imagePullPolicy":"IfNotPresent","name":"nginx","ports":[{"containerPort":80,"name":"web","protocol":"TCP"}],"resources":{},"terminationMessagePath":"/dev/termination-log","terminationMessagePolicy":"File","volumeMounts":[{"mountPath":"/usr/share/nginx/html","name":"www"}]}],"dnsPolicy":"ClusterFirst","restartPolicy":"Always","schedulerName":"default-scheduler","securityContext":{},"terminationGracePeriodSeconds":30}}}}""";

    [Fact]
    public void The_tutorials_template_gives_the_bytes_and_the_name_of_a_real_control_plane()
    {
        var data = RevisionData.Of(Template(TutorialTemplate));

        Assert.Equal(TutorialData, data.ToString());
        Assert.Equal("web-b46f789c4", RevisionHash.Name("web", RevisionHash.Of(data, 0)));
        Assert.NotEqual(RevisionHash.Of(data, 0), RevisionHash.Of(data, 1));
    }

    [Fact]
    public void What_Go_omits_is_left_out_and_what_Go_writes_unasked_is_there()
    {
        var data = RevisionData.Of(Template("""
            {"metadata":{"annotations":{"empty":""},"labels":{}},"spec":{"hostNetwork":false,"automountServiceAccountToken":false,"tolerations":[],
            "volumes":[{"name":"a","emptyDir":{}}],"terminationGracePeriodSeconds":0,
            "initContainers":[{"name":"i","env":[{"name":"E","value":""}],"command":[]}],
            "containers":[{"name":"c","tty":false,"ports":[{"containerPort":80,"hostPort":0}],
            "livenessProbe":{"initialDelaySeconds":0,"periodSeconds":10,"httpGet":{"path":"/","port":80,"httpHeaders":[{"name":"X","value":""}]}}}]}}
            """));

        Assert.Equal(
            """{"spec":{"template":{"$patch":"replace","metadata":{"annotations":{"empty":""},"creationTimestamp":null},"spec":{"automountServiceAccountToken":false,"containers":[{"livenessProbe":{"httpGet":{"httpHeaders":[{"name":"X","value":""}],"path":"/","port":80},"periodSeconds":10},"name":"c","ports":[{"containerPort":80}],"resources":{}}],"initContainers":[{"env":[{"name":"E"}],"name":"i","resources":{}}],"terminationGracePeriodSeconds":0,"volumes":[{"emptyDir":{},"name":"a"}]}}}}""",
            data.ToString());
    }

    [Fact]
    public void Html_characters_are_escaped_as_Go_escapes_them_and_survive_the_encoding_of_the_object()
    {
        var template = Template("""{"metadata":{"annotations":{"a<b":"1 > 0 && \"é\" \u2028 \u0001"}},"spec":{"containers":[{"name":"c"}]}}""");
        var data = RevisionData.Of(template);
        var revision = new V1ControllerRevision { Metadata = new V1ObjectMeta { Name = "r" }, Data = data, Revision = 1 };

        var wire = Encoding.UTF8.GetString(ObjectJson.Encode(revision));

        Assert.Contains("""
            {"a\u003cb":"1 \u003e 0 \u0026\u0026 \"é\" \u2028 \u0001"}
            """, data.ToString(), StringComparison.Ordinal);
        Assert.Contains("\"data\":" + data, wire, StringComparison.Ordinal);
    }

    [Fact]
    public void Data_that_was_read_back_from_storage_is_the_same_and_restores_the_template()
    {
        var template = Template(TutorialTemplate);
        var revision = new V1ControllerRevision { Metadata = new V1ObjectMeta { Name = "r" }, Data = RevisionData.Of(template), Revision = 1 };

        var stored = ObjectJson.Decode<V1ControllerRevision>(ObjectJson.Encode(revision));

        Assert.IsType<JsonElement>(stored.Data);
        Assert.True(RevisionData.Of(stored).SameAs(RevisionData.Of(template)));
        Assert.Equal(TutorialData, RevisionData.Of(RevisionData.Of(stored).Template).ToString());
        Assert.Equal(TutorialData, RevisionData.Keep(stored).Data.ToString());
    }

    [Theory]
    [InlineData("1.50", "1.5")]
    [InlineData("1e21", "1e+21")]
    [InlineData("123456789012345678", "123456789012345680")]
    [InlineData("0.000001", "0.000001")]
    [InlineData("1.5e-7", "1.5e-7")]
    [InlineData("-0.1", "-0.1")]
    public void Numbers_are_printed_as_Go_prints_a_float64(string json, string expected)
    {
        using var document = JsonDocument.Parse(json);

        Assert.Equal(expected, Encoding.UTF8.GetString(GoJson.Write(document.RootElement)));
    }

    private static V1PodTemplateSpec Template(string json) => ObjectJson.Decode<V1PodTemplateSpec>(Encoding.UTF8.GetBytes(json));
}
