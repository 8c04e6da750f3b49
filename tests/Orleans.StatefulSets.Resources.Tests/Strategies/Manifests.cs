using System.Text;
using k8s;
using k8s.Models;
using Orleans.StatefulSets.Resources.Errors;
using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Resources.Objects;
using Orleans.StatefulSets.Resources.Strategies;
using Orleans.StatefulSets.Resources.Writing;

namespace Orleans.StatefulSets.Resources.Tests.Strategies;

/// <summary>Short ways to write objects through their strategies.</summary>
internal static class Manifests
{
    /// <summary>The StatefulSet of the tutorial's web.yaml.</summary>
    public const string Web = """
        apiVersion: apps/v1
        kind: StatefulSet
        metadata:
          name: web
          namespace: default
        spec:
          serviceName: "nginx"
          replicas: 2
          selector:
            matchLabels:
              app: nginx
          template:
            metadata:
              labels:
                app: nginx
            spec:
              containers:
              - name: nginx
                image: k8s.gcr.io/nginx-slim:0.8
                ports:
                - containerPort: 80
                  name: web
                volumeMounts:
                - name: www
                  mountPath: /usr/share/nginx/html
          volumeClaimTemplates:
          - metadata:
              name: www
            spec:
              accessModes: [ "ReadWriteOnce" ]
              resources:
                requests:
                  storage: 1Gi
        """;

    public const string Pod = """
        apiVersion: v1
        kind: Pod
        metadata:
          name: web-0
          namespace: default
        spec:
          containers:
          - name: nginx
            image: nginx
        """;

    public static T Parse<T>(string yaml) => KubernetesYaml.Deserialize<T>(yaml);

    public static T Create<T>(string yaml, IClusterView? cluster = null) => Create(Parse<T>(yaml), cluster);

    public static T Create<T>(T model, IClusterView? cluster = null) =>
        (T)Strategy<T>().PrepareForCreate(model!, cluster ?? FixedCluster.Empty, FixedCluster.Now);

    public static T Update<T>(T next, T current, string subresource = "") =>
        (T)Strategy<T>().PrepareForUpdate(next!, current!, subresource, FixedCluster.Empty, FixedCluster.Now);

    public static IReadOnlyList<string> Complaints<T>(T model) => Texts(Strategy<T>().Validate(model!, FixedCluster.Empty));

    public static IReadOnlyList<string> UpdateComplaints<T>(T next, T current, string subresource = "") =>
        Texts(Strategy<T>().ValidateUpdate(next!, current!, subresource, FixedCluster.Empty));

    public static IObjectStrategy Strategy<T>() => ObjectStrategies.For(ResourceKinds.Of(typeof(T)));

    public static string Json(object model) => Encoding.UTF8.GetString(ObjectJson.Encode(model));

    public static V1StatefulSet WebWith(Func<V1StatefulSetSpec, V1StatefulSetSpec> change)
    {
        var web = Create<V1StatefulSet>(Web);
        return web with { Spec = change(web.Spec) };
    }

    public static V1Pod PodWith(Func<V1PodSpec, V1PodSpec> change)
    {
        var pod = Create<V1Pod>(Pod);
        return pod with { Spec = change(pod.Spec) };
    }

    private static IReadOnlyList<string> Texts(IReadOnlyList<FieldError> errors) => [.. errors.Select(error => error.ToString())];
}
