using Orleans.StatefulSets.Server.Transfer;

namespace Orleans.StatefulSets.Server.Tests.Transfer;

public sealed class ImportReaderTests
{
    private const string Good = "apiVersion: v1\nkind: Namespace\nmetadata: {name: team, uid: u-team}\n---\n";

    [Theory]
    [InlineData("a: [1", "error converting YAML to JSON: yaml: ")]
    [InlineData("hello", "it is no Kubernetes object: apiVersion or kind is missing")]
    [InlineData("kind: Pod", "it is no Kubernetes object: apiVersion or kind is missing")]
    [InlineData("apiVersion: v1\nkind: List\nitems: []", "no kind \"List\" is served in version \"v1\"")]
    [InlineData("apiVersion: v2\nkind: Pod\nmetadata: {name: a}", "no kind \"Pod\" is served in version \"v2\"")]
    [InlineData("apiVersion: v1\nkind: ConfigMap\nmetadata: {namespace: team}", "a ConfigMap without a metadata.name")]
    [InlineData("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, uid: u}", "ConfigMap a without a metadata.namespace")]
    [InlineData("apiVersion: v1\nkind: Namespace\nmetadata: {name: a, namespace: team, uid: u}", "Namespace a with a metadata.namespace, and the kind has none")]
    [InlineData("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: team}", "ConfigMap a has no metadata.uid to keep")]
    [InlineData("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: gone, uid: u}", "ConfigMap gone/a is in a namespace that is not in the stream")]
    [InlineData("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: team, uid: u}\ndata: {n: 1}", "ConfigMap in version \"v1\" cannot be handled as a ConfigMap: ")]
    [InlineData("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: team, uid: u}\ndta: {}", "ConfigMap in version \"v1\" cannot be handled as a ConfigMap: strict decoding error: unknown field \"dta\"")]
    [InlineData("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: A_b, namespace: team, uid: u}", "ConfigMap \"A_b\" is invalid: metadata.name: Invalid value: ")]
    [InlineData("apiVersion: v1\nkind: Namespace\nmetadata: {name: team, uid: u}", "Namespace team is in document 1 already")]
    [InlineData("apiVersion: v1\nkind: Namespace\nmetadata: {name: other, uid: u-team}", "Namespace other has the uid of Namespace team in document 1")]
    public async Task A_wrong_document_is_named_in_one_line(string document, string why)
    {
        var refusal = await Assert.ThrowsAsync<TransferException>(() => Cluster.ReadAsync(Good + document));

        Assert.StartsWith($"document 2: {why}", refusal.Message, StringComparison.Ordinal);
        Assert.EndsWith("; nothing was imported", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
    }

    [Fact]
    public async Task A_document_of_more_than_8_MiB_is_named()
    {
        var refusal = await Assert.ThrowsAsync<TransferException>(() => Cluster.ReadAsync($"{Good}# {new string('x', 9 << 20)}"));

        Assert.Equal("document 2: it is longer than 8 MiB; nothing was imported", refusal.Message);
    }

    [Fact]
    public async Task An_object_of_more_than_an_etcd_takes_is_named()
    {
        var document = $"apiVersion: v1\nkind: Event\nmetadata: {{name: a, namespace: default, uid: u}}\ninvolvedObject: {{namespace: default}}\nmessage: {new string('x', 2 << 20)}";

        var refusal = await Assert.ThrowsAsync<TransferException>(() => Cluster.ReadAsync(Good + document));

        Assert.Equal("document 2: Event a is larger than 1.5 MiB; nothing was imported", refusal.Message);
    }

    [Fact]
    public async Task A_stream_without_a_document_is_refused() =>
        Assert.Equal("there is no document in the stream", (await Assert.ThrowsAsync<TransferException>(() => Cluster.ReadAsync("# nothing\n---\n"))).Message);
}
