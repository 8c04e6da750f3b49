using System.Text;
using k8s.Models;
using Orleans.StatefulSets.Resources.Objects;

namespace Orleans.StatefulSets.Resources.Tests.Objects;

public sealed class QuantityConverterTests
{
    [Theory]
    [InlineData("\"1024Mi\"", "1Gi")]
    [InlineData("\"200m\"", "200m")]
    [InlineData("\"1e3\"", "1e3")]
    [InlineData("2", "2")]
    [InlineData("\"-1Gi\"", "-1Gi")]
    [InlineData("\"-500m\"", "-500m")]
    [InlineData("\"-1e3\"", "-1k")]
    [InlineData("-9.223372036854776E+18", "-9223372036854776k")]
    [InlineData("\"1e99\"", "9223372036854775807")]
    [InlineData("\"-1e99\"", "-9223372036854775807")]
    public void Every_quantity_is_printed(string written, string canonical)
    {
        var resources = ObjectJson.Decode<V1ResourceRequirements>(Encoding.UTF8.GetBytes("""{"requests":{"cpu":?}}""".Replace("?", written)));

        Assert.Equal("""{"requests":{"cpu":"?"}}""".Replace("?", canonical), Encoding.UTF8.GetString(ObjectJson.Encode(resources)));
    }
}
