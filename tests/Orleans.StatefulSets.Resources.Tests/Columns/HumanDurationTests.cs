using Orleans.StatefulSets.Resources.Columns;

namespace Orleans.StatefulSets.Resources.Tests.Columns;

public sealed class HumanDurationTests
{
    // The table of apimachinery's pkg/util/duration/duration_test.go, and the edges around it.
    [Theory]
    [InlineData(-2, "<invalid>")]
    [InlineData(-1, "0s")]
    [InlineData(0, "0s")]
    [InlineData(1, "1s")]
    [InlineData(70, "70s")]
    [InlineData(119, "119s")]
    [InlineData(120, "2m")]
    [InlineData(190, "3m10s")]
    [InlineData(599, "9m59s")]
    [InlineData(600, "10m")]
    [InlineData(70 * 60, "70m")]
    [InlineData(3 * 3600 - 1, "179m")]
    [InlineData(3 * 3600, "3h")]
    [InlineData(3 * 3600 + 60, "3h1m")]
    [InlineData(8 * 3600 - 1, "7h59m")]
    [InlineData(8 * 3600 + 59 * 60, "8h")]
    [InlineData(47 * 3600, "47h")]
    [InlineData(48 * 3600, "2d")]
    [InlineData(49 * 3600, "2d1h")]
    [InlineData(8 * 24 * 3600 - 1, "7d23h")]
    [InlineData(8 * 24 * 3600, "8d")]
    [InlineData(729 * 24 * 3600, "729d")]
    [InlineData(730 * 24 * 3600, "2y")]
    [InlineData(731 * 24 * 3600, "2y1d")]
    [InlineData(8 * 365 * 24 * 3600, "8y")]
    public void Of_EachStep_ReadsAsKubectlPrintsIt(int seconds, string text) =>
        Assert.Equal(text, HumanDuration.Of(TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void Since_AMomentThatNeverCame_IsUnknown() => Assert.Equal("<unknown>", HumanDuration.Since(null, DateTime.UnixEpoch));
}
