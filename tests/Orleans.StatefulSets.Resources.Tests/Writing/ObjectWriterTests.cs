using k8s.Models;
using Orleans.StatefulSets.Resources.Errors;
using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Resources.Writing;

namespace Orleans.StatefulSets.Resources.Tests.Writing;

public sealed class ObjectWriterTests
{
    private const string Map = """{"metadata":{"name":"m"},"data":{"a":"1"}}""";
    private const string Set =
        """{"metadata":{"name":"web"},"spec":{"serviceName":"nginx","replicas":2,"selector":{"matchLabels":{"app":"nginx"}},"template":{"metadata":{"labels":{"app":"nginx"}},"spec":{"containers":[{"name":"nginx","image":"n:1"}]}}}}""";

    private static readonly ObjectKey MapKey = ResourceKinds.ConfigMaps.Key("default", "m");
    private static readonly ObjectKey SetKey = ResourceKinds.StatefulSets.Key("default", "web");

    private readonly Cluster cluster = new();

    [Fact]
    public void Create_stamps_what_the_server_owns()
    {
        var decision = cluster.Write(SetKey, WriteVerb.Create, Set.Replace("\"name\":\"web\"", "\"name\":\"web\",\"uid\":\"mine\",\"deletionTimestamp\":\"2020-01-01T00:00:00Z\"", StringComparison.Ordinal));

        var set = (V1StatefulSet)decision.Model;
        Assert.Equal(WriteOutcome.Created, decision.Outcome);
        Assert.Equal(("uid-1", "default", Cluster.Now, 1L), (set.Metadata.Uid, set.Metadata.NamespaceProperty, set.Metadata.CreationTimestamp, set.Metadata.Generation));
        Assert.Null(set.Metadata.DeletionTimestamp);
        Assert.Equal(("StatefulSet", "apps/v1", "OrderedReady"), (set.Kind, set.ApiVersion, set.Spec.PodManagementPolicy));
    }

    [Theory]
    [InlineData("""{"metadata":{"name":"other"}}""", 400, "the name of the object (other) does not match the name on the URL (m)")]
    [InlineData("""{"metadata":{"namespace":"other"}}""", 400, "the namespace of the provided object does not match the namespace sent on the request")]
    [InlineData("""{"metadata":{"resourceVersion":"5"}}""", 500, "resourceVersion should not be set on objects to be created")]
    public void Create_refuses_what_contradicts_the_request(string body, int code, string message) =>
        AssertRefused(code, message, () => cluster.Write(MapKey, WriteVerb.Create, body));

    [Fact]
    public void Create_needs_a_namespace_that_stays()
    {
        AssertRefused(404, "namespaces \"nowhere\" not found", () => cluster.Write(ResourceKinds.ConfigMaps.Key("nowhere", "m"), WriteVerb.Create, Map));
        var refusal = AssertRefused(
            403,
            "configmaps \"m\" is forbidden: unable to create new content in namespace leaving because it is being terminated",
            () => cluster.Write(ResourceKinds.ConfigMaps.Key("leaving", "m"), WriteVerb.Create, Map));
        Assert.Equal("NamespaceTerminating", Assert.Single(refusal.Status.Details.Causes).Reason);
    }

    [Theory]
    [InlineData("""{"metadata":{"name":"m"}} x""", 400, "the object provided is unrecognized (must be of type ConfigMap): couldn't get version/kind; json parse error: invalid character 'x' after top-level value ({\"metadata\":{\"name\":\"m\"}} x)")]
    [InlineData("""{"metadata":{"name":"m","finalizers":["mine"]}}""", 422, "ConfigMap \"m\" is invalid: metadata.finalizers[0]: Invalid value: \"mine\": name is neither a standard finalizer name nor is it fully qualified")]
    public void Create_refuses_what_is_not_right(string body, int code, string message) =>
        AssertRefused(code, message, () => cluster.Write(MapKey, WriteVerb.Create, body));

    [Fact]
    public void An_object_larger_than_the_storage_takes_is_refused_in_its_words_whether_made_or_grown()
    {
        var key = ResourceKinds.Services.Key("default", "m");
        string Service(int bytes) =>
            "{\"metadata\":{\"name\":\"m\"},\"spec\":{\"ports\":[{\"port\":80}],\"externalName\":\"" + new string('a', bytes) + "\"}}";
        AssertRefused(500, "etcdserver: request is too large", () => cluster.Write(key, WriteVerb.Create, Service(ObjectSize.MaxBytes)));

        cluster.Create(key, Service(ObjectSize.MaxBytes - 2000));
        AssertRefused(500, "etcdserver: request is too large", () => cluster.Write(
            key, WriteVerb.Patch, "{\"metadata\":{\"annotations\":{\"a\":\"" + new string('b', 2000) + "\"}}}", patch: PatchKind.Merge));
    }

    [Theory]
    [InlineData(PatchKind.Merge, """{"kind":"Secret"}""", "converting (v1.Secret) to (core.ConfigMap): unknown conversion")]
    [InlineData(PatchKind.Json, """[{"op":"replace","path":"/apiVersion","value":"v2"}]""", "no kind \"ConfigMap\" is registered for version \"v2\" in scheme \"pkg/api/legacyscheme/scheme.go:30\"")]
    public void A_patch_that_makes_another_kind_of_it_does_not_decode(PatchKind patch, string body, string why)
    {
        cluster.Create(MapKey, Map);

        var refusal = Assert.Throws<ApiException>(() => cluster.Write(MapKey, WriteVerb.Patch, body, patch: patch));
        Assert.Equal(422, refusal.Code);
        Assert.EndsWith(why, refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("status", """{"metadata":{"name":"default"},"status":{"phase":"Odd"}}""", "status.Phase: Invalid value: \"Odd\": may only be 'Active' if `deletionTimestamp` is empty")]
    [InlineData("finalize", """{"metadata":{"name":"default"},"spec":{"finalizers":["odd"]}}""", "spec.finalizers: Invalid value: \"odd\": name is neither a standard finalizer name nor is it fully qualified")]
    public void A_namespace_keeps_to_its_phases_and_finalizers(string subresource, string body, string why) => AssertRefused(
        422, "Namespace \"default\" is invalid: " + why, () => cluster.Write(ResourceKinds.Namespaces.Key("", "default"), WriteVerb.Update, body, subresource));

    [Fact]
    public void Create_of_what_exists_is_AlreadyExists()
    {
        cluster.Create(MapKey, Map);

        AssertRefused(409, "configmaps \"m\" already exists", () => cluster.Write(MapKey, WriteVerb.Create, Map));
    }

    [Fact]
    public void Update_of_what_is_missing_is_NotFound() =>
        AssertRefused(404, "configmaps \"m\" not found", () => cluster.Write(MapKey, WriteVerb.Update, Map));

    [Fact]
    public void Update_with_a_stale_version_conflicts_and_without_one_does_not()
    {
        cluster.Create(MapKey, Map);

        var next = """{"metadata":{"name":"m","resourceVersion":"9"},"data":{"a":"2"}}""";
        AssertRefused(
            409,
            "Operation cannot be fulfilled on configmaps \"m\": the object has been modified; please apply your changes to the latest version and try again",
            () => cluster.Write(MapKey, WriteVerb.Update, next));
        Assert.Equal(WriteOutcome.Updated, cluster.Write(MapKey, WriteVerb.Update, next.Replace("\"9\"", "\"\"", StringComparison.Ordinal)).Outcome);
        Assert.Equal(WriteOutcome.Updated, cluster.Write(MapKey, WriteVerb.Update, next.Replace("\"9\"", "\"10\"", StringComparison.Ordinal)).Outcome);
    }

    [Fact]
    public void Update_of_another_uid_conflicts()
    {
        cluster.Create(MapKey, Map);

        AssertRefused(
            409,
            "Operation cannot be fulfilled on configmaps \"m\": StorageError: invalid object, Code: 4, Key: /registry/configmaps/default/m, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: x, UID in object meta: uid-1",
            () => cluster.Write(MapKey, WriteVerb.Update, """{"metadata":{"name":"m","uid":"x"}}"""));
    }

    [Fact]
    public void Update_that_changes_nothing_is_Unchanged_whoever_sends_it()
    {
        var stored = cluster.Create(SetKey, Set);

        Assert.Equal(WriteOutcome.Unchanged, cluster.Write(SetKey, WriteVerb.Update, Set, manager: "other").Outcome);
        Assert.Equal(WriteOutcome.Unchanged, cluster.Write(SetKey, WriteVerb.Patch, """{"spec":{"replicas":2}}""", patch: PatchKind.Merge).Outcome);
        Assert.Equal(WriteOutcome.Unchanged, cluster.Writer.AdmitChange(stored.Model, stored, "", cluster, Cluster.Now).Outcome);
    }

    [Fact]
    public void Patch_is_conditional_only_if_it_names_a_version()
    {
        cluster.Create(MapKey, Map);

        WriteDecision Patch(string body) => cluster.Write(MapKey, WriteVerb.Patch, body, patch: PatchKind.Merge);

        Assert.Equal("2", ((V1ConfigMap)Patch("""{"data":{"a":"2"}}""").Model).Data["a"]);
        Assert.Equal(409, Assert.Throws<ApiException>(() => Patch("""{"metadata":{"resourceVersion":"9"},"data":{"a":"2"}}""")).Code);
        AssertRefused(400, "the name of the object (n) does not match the name on the URL (m)", () => Patch("""{"metadata":{"name":"n"}}"""));
    }

    [Theory]
    [InlineData(PatchKind.StrategicMerge, """{"spec":{"replicas":"x"}}""", " \"\" is invalid: patch: Invalid value: \"map[spec:map[replicas:x]]\": unrecognized type: int32")]
    [InlineData(PatchKind.StrategicMerge, """{"spec":{"foo":1}}""", " \"\" is invalid: patch: Invalid value: \"map[spec:map[foo:1]]\": strict decoding error: unknown field \"spec.foo\"")]
    [InlineData(PatchKind.StrategicMerge, """{"metadata":{"labels":{"a":1}}}""", " \"\" is invalid: patch: Invalid value: \"map[metadata:map[labels:map[a:1]]]\": cannot convert int64 to string")]
    public void Patch_that_does_not_decode_is_Invalid(PatchKind kind, string patch, string message)
    {
        cluster.Create(SetKey, Set);

        AssertRefused(422, message, () => cluster.Write(SetKey, WriteVerb.Patch, patch, patch: kind));
    }

    [Fact]
    public void Scale_changes_replicas_alone_and_validates_them()
    {
        cluster.Create(SetKey, Set);

        var scaled = (V1StatefulSet)cluster.Write(SetKey, WriteVerb.Patch, """{"spec":{"replicas":5}}""", "scale", PatchKind.Merge).Model;

        Assert.Equal((5, 2L), (scaled.Spec.Replicas, scaled.Metadata.Generation));
        Assert.Contains(scaled.Metadata.ManagedFields, entry => entry.Subresource == "scale");
        Assert.Equal("app=nginx", ObjectWriter.ScaleOf(scaled).Status.Selector);
        AssertRefused(
            422,
            "Scale.autoscaling \"web\" is invalid: spec.replicas: Invalid value: -1: must be greater than or equal to 0",
            () => cluster.Write(SetKey, WriteVerb.Patch, """{"spec":{"replicas":-1}}""", "scale", PatchKind.Merge));
        Assert.Equal(409, Assert.Throws<ApiException>(() => cluster.Write(
            SetKey, WriteVerb.Update, """{"metadata":{"name":"web","resourceVersion":"3"},"spec":{"replicas":1}}""", "scale")).Code);
    }

    [Fact]
    public void Last_finalizer_taken_off_a_dying_object_removes_it()
    {
        cluster.Create(MapKey, """{"metadata":{"name":"m","finalizers":["x/y"]}}""");
        var marked = cluster.Write(MapKey, WriteVerb.Delete, options: new V1DeleteOptions());
        Assert.Equal(WriteOutcome.Updated, marked.Outcome);
        cluster.Store(marked.Model, 11);
        Assert.Equal(WriteOutcome.Unchanged, cluster.Write(MapKey, WriteVerb.Delete, options: new V1DeleteOptions()).Outcome);

        var freed = cluster.Write(MapKey, WriteVerb.Patch, """{"metadata":{"finalizers":null}}""", patch: PatchKind.Merge);

        Assert.Equal(WriteOutcome.Removed, freed.Outcome);
    }

    [Fact]
    public void AdmitNew_stamps_and_leaves_the_given_model_alone()
    {
        var given = new V1ConfigMap { Metadata = new V1ObjectMeta { Name = "c", NamespaceProperty = "default" } };

        var admitted = (V1ConfigMap)cluster.Writer.AdmitNew(given, cluster, Cluster.Now.AddMilliseconds(300));

        Assert.Equal(("uid-1", Cluster.Now, "ConfigMap"), (admitted.Metadata.Uid, admitted.Metadata.CreationTimestamp, admitted.Kind));
        Assert.Null(given.Metadata.Uid);
    }

    private static ApiException AssertRefused(int code, string message, Func<WriteDecision> write)
    {
        var refusal = Assert.Throws<ApiException>(write);
        Assert.Equal((code, message), (refusal.Code, refusal.Message));
        return refusal;
    }
}
