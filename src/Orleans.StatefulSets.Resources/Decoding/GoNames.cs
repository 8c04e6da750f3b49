using k8s.Models;

namespace Orleans.StatefulSets.Resources.Decoding;

/// <summary>What the types of the models are called in the Kubernetes sources: decode errors name them.</summary>
internal static class GoNames
{
    // Named string types of k8s.io/api that a manifest gets wrong now and then; the others read "string".
    private static readonly Dictionary<(Type, string), string> NamedTypes = new()
    {
        [(typeof(V1StatefulSetSpec), "podManagementPolicy")] = "v1.PodManagementPolicyType",
        [(typeof(V1StatefulSetUpdateStrategy), "type")] = "v1.StatefulSetUpdateStrategyType",
        [(typeof(V1PodSpec), "restartPolicy")] = "v1.RestartPolicy",
        [(typeof(V1PodSpec), "dnsPolicy")] = "v1.DNSPolicy",
        [(typeof(V1Container), "imagePullPolicy")] = "v1.PullPolicy",
        [(typeof(V1ContainerPort), "protocol")] = "v1.Protocol",
        [(typeof(V1ServicePort), "protocol")] = "v1.Protocol",
        [(typeof(V1ServiceSpec), "type")] = "v1.ServiceType",
        [(typeof(V1PodStatus), "phase")] = "v1.PodPhase",
        [(typeof(V1PersistentVolumeClaimSpec), "accessModes")] = "[]v1.PersistentVolumeAccessMode",
        [(typeof(V1PersistentVolumeSpec), "accessModes")] = "[]v1.PersistentVolumeAccessMode",
        [(typeof(V1ObjectMeta), "uid")] = "types.UID",
        [(typeof(V1OwnerReference), "uid")] = "types.UID",
        [(typeof(V1Secret), "type")] = "v1.SecretType",
        [(typeof(V1ResourceRequirements), "limits")] = "v1.ResourceList",
        [(typeof(V1ResourceRequirements), "requests")] = "v1.ResourceList",
        [(typeof(V1VolumeResourceRequirements), "limits")] = "v1.ResourceList",
        [(typeof(V1VolumeResourceRequirements), "requests")] = "v1.ResourceList",
        [(typeof(V1PersistentVolumeSpec), "capacity")] = "v1.ResourceList",
        [(typeof(V1NodeStatus), "capacity")] = "v1.ResourceList",
        [(typeof(V1NodeStatus), "allocatable")] = "v1.ResourceList",
    };

    private static readonly string[] Prefixes = ["V1alpha1", "V1", "Corev1", "Discoveryv1", "Storagev1", "Appsv1"];

    public static string OfStruct(Type type)
    {
        var prefix = Prefixes.FirstOrDefault(candidate => type.Name.StartsWith(candidate, StringComparison.Ordinal));
        return prefix is null ? type.Name : type.Name[prefix.Length..];
    }

    public static string OfField(Type declaring, string name, ModelShape shape) =>
        NamedTypes.GetValueOrDefault((declaring, name)) ?? OfShape(shape);

    public static string OfShape(ModelShape shape) => shape.Kind switch
    {
        ShapeKind.String or ShapeKind.Time or ShapeKind.Quantity => "string",
        ShapeKind.Boolean => "bool",
        ShapeKind.Int32 or ShapeKind.IntOrString => "int32",
        ShapeKind.Int64 => "int64",
        ShapeKind.Double => "float64",
        ShapeKind.Bytes => "[]uint8",
        ShapeKind.List => "[]" + OfShape(shape.Element!),
        ShapeKind.Map when shape.Element!.Kind == ShapeKind.Quantity => "v1.ResourceList",
        ShapeKind.Map => "map[string]" + OfShape(shape.Element!),
        ShapeKind.Struct => "v1." + shape.GoName,
        _ => "interface {}",
    };
}
