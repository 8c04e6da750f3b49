using System.Text.Json;
using k8s;
using k8s.Models;
using Orleans.StatefulSets.Reconciliation.Revisions;
using Orleans.StatefulSets.Resources.Decoding;
using Orleans.StatefulSets.Resources.Errors;
using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Resources.Objects;
using Orleans.StatefulSets.Resources.Strategies;
using Orleans.StatefulSets.Resources.Writing;

namespace Orleans.StatefulSets.Server.Transfer;

/// <summary>Reads a stream of YAML documents and checks each as the API would at its creation, but for what only the API fills in.</summary>
/// <param name="identities">Uids for objects that have none in the stream.</param>
/// <param name="now">The creation of objects that have none in the stream.</param>
/// <param name="keepUids">Whether each object must have a uid.</param>
internal sealed class ImportReader(IIdentitySource identities, DateTime now, bool keepUids)
{
    private const int MostDocumentBytes = 8 << 20;
    private const int MostDocuments = 2_000_000;

    private static readonly HashSet<string> NamespacesOfEveryCluster = new(StringComparer.Ordinal) { "default", "kube-system", "kube-public", "kube-node-lease" };

    private readonly List<ImportedObject> objects = [];
    private readonly Dictionary<ObjectKey, int> keys = [];
    private readonly Dictionary<string, ImportedObject> uids = new(StringComparer.Ordinal);

    /// <summary>The objects in the order of the stream.</summary>
    /// <exception cref="TransferException">A document is wrong: the message names its number and what is wrong with it.</exception>
    public async Task<IReadOnlyList<ImportedObject>> ReadAsync(Stream input, CancellationToken cancellation)
    {
        try
        {
            await foreach (var document in YamlStream.ReadAsync(input, MostDocumentBytes, cancellation))
            {
                Add(Numbered(document.Number, () => Read(document)));
            }
        }
        catch (YamlDocumentTooLongException tooLong)
        {
            throw Wrong(tooLong.Number, $"it is longer than {MostDocumentBytes >> 20} MiB");
        }

        foreach (var stray in objects.Where(item => item.Key.Namespace.Length > 0 && !IsThere(item.Key.Namespace)))
        {
            throw Wrong(stray.Document, $"{stray.Name} is in a namespace that is not in the stream");
        }

        return objects.Count > 0 ? objects : throw new TransferException("there is no document in the stream");
    }

    private bool IsThere(string name) => NamespacesOfEveryCluster.Contains(name) || keys.ContainsKey(ResourceKinds.Namespaces.Key("", name));

    private void Add(ImportedObject item)
    {
        if (!keys.TryAdd(item.Key, item.Document))
        {
            throw Wrong(item.Document, $"{item.Name} is in document {keys[item.Key]} already");
        }

        if (!uids.TryAdd(item.Uid, item))
        {
            throw Wrong(item.Document, $"{item.Name} has the uid of {uids[item.Uid].Name} in document {uids[item.Uid].Document}");
        }

        if (objects.Count == MostDocuments)
        {
            throw Wrong(item.Document, $"a stream may have {MostDocuments} documents");
        }

        objects.Add(item);
    }

    private ImportedObject Read(YamlDocument document)
    {
        ReadOnlyMemory<byte> json = YamlToJson.Convert(document.Yaml.Span);
        var kind = KindOf(json);
        var model = (IKubernetesObject<V1ObjectMeta>)ObjectDecoder.Decode(kind, json, FieldValidation.Strict).Model;
        var metadata = Complete(kind, model.Metadata);
        model.Metadata = metadata;
        if (ObjectStrategies.For(kind).Validate(model, NoCluster.Instance) is { Count: > 0 } errors)
        {
            throw ApiErrors.Invalid(kind, metadata.Name, errors);
        }

        var payload = ObjectJson.Encode(model is V1ControllerRevision revision ? RevisionData.Keep(revision) : model);
        return payload.Length > ObjectSize.MaxBytes
            ? throw new FormatException($"{kind.Kind} {metadata.Name} is larger than 1.5 MiB")
            : new ImportedObject { Document = document.Number, Key = kind.Key(metadata.NamespaceProperty ?? "", metadata.Name), Uid = metadata.Uid, Payload = payload };
    }

    private V1ObjectMeta Complete(ResourceKind kind, V1ObjectMeta metadata)
    {
        if (string.IsNullOrEmpty(metadata.Name))
        {
            throw new FormatException($"a {kind.Kind} without a metadata.name");
        }

        if (kind.Namespaced == string.IsNullOrEmpty(metadata.NamespaceProperty))
        {
            throw new FormatException(kind.Namespaced ? $"{kind.Kind} {metadata.Name} without a metadata.namespace" : $"{kind.Kind} {metadata.Name} with a metadata.namespace, and the kind has none");
        }

        if (string.IsNullOrEmpty(metadata.Uid) && keepUids)
        {
            throw new FormatException($"{kind.Kind} {metadata.Name} has no metadata.uid to keep");
        }

        return metadata with
        {
            ResourceVersion = null,
            Uid = string.IsNullOrEmpty(metadata.Uid) ? identities.NewUid() : metadata.Uid,
            CreationTimestamp = metadata.CreationTimestamp ?? now,
        };
    }

    private static ResourceKind KindOf(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 1100 });
        string Text(string name) => document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty(name, out var value)
            && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
        var (version, kind) = (Text("apiVersion"), Text("kind"));
        return version.Length == 0 || kind.Length == 0
            ? throw new FormatException("it is no Kubernetes object: apiVersion or kind is missing")
            : ResourceKinds.All.FirstOrDefault(known => known.Kind == kind && known.ApiVersion == version)
                ?? throw new FormatException($"no kind \"{kind}\" is served in version \"{version}\"");
    }

    private static T Numbered<T>(int number, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception failure) when (failure is ApiException or FormatException or JsonException or InvalidOperationException)
        {
            throw Wrong(number, failure.Message);
        }
    }

    private static TransferException Wrong(int number, string why) => new($"document {number}: {why.ReplaceLineEndings("\n").Split('\n')[0]}; nothing was imported");

    /// <summary>A cluster of which nothing is known yet.</summary>
    private sealed class NoCluster : IClusterView
    {
        public static readonly NoCluster Instance = new();

        public StoredObject? Find(ObjectKey key) => null;

        public IEnumerable<StoredObject> List(string resource, string? @namespace) => [];
    }
}
