using System.Text;
using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Resources.Objects;

namespace Orleans.StatefulSets.Resources.Tests.Objects;

public sealed class StoredObjectTests
{
    [Theory]
    [InlineData("""{"kind":"ConfigMap","metadata":{"name":"x"}}""", """{"kind":"ConfigMap","metadata":{"resourceVersion":"7","name":"x"}}""")]
    [InlineData("""{"kind":"ConfigMap","metadata":{}}""", """{"kind":"ConfigMap","metadata":{"resourceVersion":"7"}}""")]
    [InlineData(
        """{"data":{"spec":{"template":{"metadata":{"labels":{}}}}},"metadata":{"name":"x"}}""",
        """{"data":{"spec":{"template":{"metadata":{"labels":{}}}}},"metadata":{"resourceVersion":"7","name":"x"}}""")]
    public void Its_version_stands_in_its_own_metadata(string payload, string written)
    {
        var item = new StoredObject(ResourceKinds.ConfigMaps.Key("default", "x"), "u", 7, Encoding.UTF8.GetBytes(payload));

        Assert.Equal(written, Encoding.UTF8.GetString(item.ToArray()));
        Assert.Equal(written.Length, item.EncodedLength);
    }

    [Fact]
    public void One_that_was_never_committed_has_no_version()
    {
        const string payload = """{"metadata":{"name":"x"}}""";
        var item = new StoredObject(ResourceKinds.ConfigMaps.Key("default", "x"), "u", 0, Encoding.UTF8.GetBytes(payload));

        Assert.Equal(payload, Encoding.UTF8.GetString(item.ToArray()));
    }
}
