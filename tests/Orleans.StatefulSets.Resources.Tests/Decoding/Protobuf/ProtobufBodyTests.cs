using System.Text;
using k8s.Models;
using Orleans.StatefulSets.Resources.Decoding;
using Orleans.StatefulSets.Resources.Decoding.Protobuf;
using Orleans.StatefulSets.Resources.Errors;

namespace Orleans.StatefulSets.Resources.Tests.Decoding.Protobuf;

public sealed class ProtobufBodyTests
{
    // The bodies that kubectl 1.33 sends for create configmap, secret, service and namespace, and for auth can-i.
    [Theory]
    [InlineData(
        "azhzAAoPCgJ2MRIJQ29uZmlnTWFwEhsKEQoBYRIAGgAiACoAMgA4AEIAEgYKAWsSAXYaACIA",
        """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},"data":{"k":"v"}}""")]
    [InlineData(
        "azhzAAoMCgJ2MRIGU2VjcmV0Eh0KEQoBcxIAGgAiACoAMgA4AEIAEgYKAXASAXcaABoAIgA=",
        """{"apiVersion":"v1","kind":"Secret","metadata":{"name":"s"},"data":{"p":"dw=="}}""")]
    [InlineData(
        "azhzAAoNCgJ2MRIHU2VydmljZRJpCh8KA3N2YxIAGgAiACoAMgA4AEIAWgoKA2FwcBIDc3ZjEkIKGwoHODAtODA4MBIDVENQGFAiBwgAEJA/GgAoABIKCgNhcHASA3N2YxoAIglDbHVzdGVySVA6AEIAUgBaAGAAaAAaAgoAGgAiAA==",
        """{"apiVersion":"v1","kind":"Service","metadata":{"name":"svc","labels":{"app":"svc"}},"spec":{"ports":[{"name":"80-8080","protocol":"TCP","port":80,"targetPort":8080}],"selector":{"app":"svc"},"type":"ClusterIP"},"status":{"loadBalancer":{}}}""")]
    [InlineData(
        "azhzAAoPCgJ2MRIJTmFtZXNwYWNlEhkKEQoBbhIAGgAiACoAMgA4AEIAEgAaAgoAGgAiAA==",
        """{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"n"},"spec":{},"status":{}}""")]
    [InlineData(
        "azhzAAoyChdhdXRob3JpemF0aW9uLms4cy5pby92MRIXU2VsZlN1YmplY3RBY2Nlc3NSZXZpZXcSPwoQCgASABoAIgAqADIAOABCABIhCh8KB2RlZmF1bHQSBmNyZWF0ZRoAIgAqBHBvZHMyADoAGggIABIAGgAgABoAIgA=",
        """{"apiVersion":"authorization.k8s.io/v1","kind":"SelfSubjectAccessReview","metadata":{},"spec":{"resourceAttributes":{"namespace":"default","verb":"create","resource":"pods"}},"status":{"allowed":false}}""")]
    [InlineData("azhzAAoLCgJ2MRIFTm90SXQSAgoA", """{"apiVersion":"v1","kind":"NotIt"}""")]
    public void A_clients_body_says_what_its_json_would_have_said(string body, string json) =>
        Assert.Equal(json, Encoding.UTF8.GetString(ProtobufBody.ToJson(Convert.FromBase64String(body), "X").Span));

    [Theory]
    [InlineData("e30=", "provided data does not appear to be a protobuf message, expected prefix [107 56 115 0] ({})")]
    [InlineData("azhzAAo=", "unexpected EOF (6b3873000a)")]
    [InlineData("azhzAAr/", "unexpected EOF (6b3873000aff)")]
    [InlineData("azhzAP////////////8B", "proto: integer overflow (6b387300ffffffffffffffffffff01)")]
    [InlineData("azhzAAoPCgJ2MRIJQ29uZmlnTWFwEgIKfw==", "unexpected EOF (6b3873000a0f0a0276311209436f6e6669674d617012020a7f)")]
    [InlineData("azhzAAoPCgJ2MRIJQ29uZmlnTWFwEgIIAQ==", "proto: wrong wireType = 0 for field 1 (6b3873000a0f0a0276311209436f6e6669674d617012020801)")]
    [InlineData("azhzAAoPCgJ2MRIJQ29uZmlnTWFwEgUKAwoB/w==", "string field contains invalid UTF-8 (6b3873000a0f0a0276311209436f6e6669674d617012050a030a01ff)")]
    public void A_broken_body_is_refused(string body, string why)
    {
        var refusal = Assert.Throws<ApiException>(() => ProtobufBody.ToJson(Convert.FromBase64String(body), "ConfigMap"));
        Assert.Equal(400, refusal.Code);
        Assert.Equal($"the object provided is unrecognized (must be of type ConfigMap): {why}", refusal.Message);
    }

    [Fact]
    public void Every_field_of_the_table_is_one_of_the_model_that_it_decodes_to()
    {
        var strangers = new SortedSet<string>(StringComparer.Ordinal);
        var seen = new HashSet<(string, Type)>();
        foreach (var type in (Type[])
        [
            typeof(V1Pod), typeof(V1StatefulSet), typeof(V1ConfigMap), typeof(V1Secret), typeof(V1Service), typeof(V1Namespace), typeof(V1Node),
            typeof(V1PersistentVolumeClaim), typeof(V1PersistentVolume), typeof(V1ServiceAccount), typeof(V1StorageClass), typeof(V1EndpointSlice),
            typeof(V1Endpoints), typeof(Corev1Event), typeof(V1ControllerRevision), typeof(V1Scale), typeof(V1Binding), typeof(V1DeleteOptions),
        ])
        {
            var shape = ModelShape.Of(type);
            var message = MessageTable.Names.Single(name => name.EndsWith("." + shape.GoName, StringComparison.Ordinal) && !name.StartsWith("events.", StringComparison.Ordinal));
            Compare(message, shape, seen, strangers);
        }

        Assert.Equal([], strangers);
    }

    private static void Compare(string message, ModelShape shape, HashSet<(string, Type)> seen, SortedSet<string> strangers)
    {
        if (!seen.Add((message, shape.Type)))
        {
            return;
        }

        foreach (var field in MessageTable.Find(message) ?? throw new InvalidOperationException($"{message} is not in the table"))
        {
            if (field.IsInline)
            {
                Compare(field.Message, shape, seen, strangers);
            }
            else if (shape.Child(field.Name) is not { } child)
            {
                strangers.Add($"{message}.{field.Name}");
            }
            else if (field.IsList != (child.Kind == ShapeKind.List) || field.IsMap != (child.Kind == ShapeKind.Map))
            {
                strangers.Add($"{message}.{field.Name} is a {child.Kind}");
            }
            else
            {
                var held = child.Kind is ShapeKind.List or ShapeKind.Map ? child.Element! : child;
                if (field.Type == FieldType.Message)
                {
                    Compare(field.Message, held, seen, strangers);
                }
                else if (held.Kind != Expected(field.Type))
                {
                    strangers.Add($"{message}.{field.Name} holds {held.Kind}");
                }
            }
        }
    }

    private static ShapeKind Expected(FieldType type) => type switch
    {
        FieldType.String => ShapeKind.String,
        FieldType.Bytes => ShapeKind.Bytes,
        FieldType.Bool => ShapeKind.Boolean,
        FieldType.Int32 => ShapeKind.Int32,
        FieldType.Int64 => ShapeKind.Int64,
        FieldType.Time or FieldType.MicroTime => ShapeKind.Time,
        FieldType.Quantity => ShapeKind.Quantity,
        FieldType.IntOrString => ShapeKind.IntOrString,
        _ => ShapeKind.Any,
    };
}
