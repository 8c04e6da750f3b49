using System.Text;
using k8s.Models;
using Orleans.StatefulSets.Resources.Objects;

namespace Orleans.StatefulSets.Resources.Tests.Objects;

public sealed class MicroTimeTests
{
    private static readonly DateTime Whole = new(2025, 6, 1, 12, 0, 3, DateTimeKind.Utc);

    // Go parses metav1.MicroTime by "2006-01-02T15:04:05.000000Z07:00" and refuses fewer digits.
    [Fact]
    public void A_lease_s_times_have_six_digits_after_the_point_also_when_they_are_zero()
    {
        var json = Encoding.UTF8.GetString(ObjectJson.Encode(new V1Lease { Spec = new V1LeaseSpec { RenewTime = Whole, AcquireTime = Whole.AddMicroseconds(12) } }));

        Assert.Contains("\"renewTime\":\"2025-06-01T12:00:03.000000Z\"", json, StringComparison.Ordinal);
        Assert.Contains("\"acquireTime\":\"2025-06-01T12:00:03.000012Z\"", json, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2025-06-01T12:00:03Z")]
    [InlineData("2025-06-01T12:00:03.000000Z")]
    [InlineData("2025-06-01T14:00:03.000000+02:00")]
    public void They_are_read_with_any_number_of_digits_and_any_offset(string text) =>
        Assert.Equal(Whole, ObjectJson.Decode<V1Lease>(Encoding.UTF8.GetBytes($"{{\"spec\":{{\"renewTime\":\"{text}\"}}}}")).Spec.RenewTime);

    [Fact]
    public void Other_times_keep_whole_seconds() => Assert.Contains(
        "\"creationTimestamp\":\"2025-06-01T12:00:03Z\"",
        Encoding.UTF8.GetString(ObjectJson.Encode(new V1Lease { Metadata = new V1ObjectMeta { CreationTimestamp = Whole } })),
        StringComparison.Ordinal);
}
