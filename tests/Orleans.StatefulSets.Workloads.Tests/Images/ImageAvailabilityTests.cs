using Orleans.StatefulSets.Workloads.Images;

namespace Orleans.StatefulSets.Workloads.Tests.Images;

/// <summary>Images that can't be had, and what the kubelet says of them.</summary>
public sealed class ImageAvailabilityTests
{
    [Theory]
    [InlineData("nosuch", "nosuch", false)]
    [InlineData("nosuch", "nosuch:1", false)]
    [InlineData("nosuch", "other/nosuch", true)]
    [InlineData("*nosuch*", "quay.io/other/nosuch:1", false)]
    [InlineData("quay.io/*", "quay.io/a/b:1", false)]
    [InlineData("quay.io/*", "docker.io/a", true)]
    [InlineData("nginx:1.99", "nginx:1.99", false)]
    [InlineData("nginx:1.99", "nginx:1.25", true)]
    [InlineData("docker.io/library/nginx:1.99", "nginx:1.99", false)]
    [InlineData("docker.io/library/nginx", "nginx:1.99", false)]
    [InlineData("ngin?:[0-9].*", "nginx:1.25", false)]
    public void A_pattern_takes_images_away(string pattern, string image, bool has)
    {
        Assert.True(ImageReference.TryParse(image, out var reference, out _));
        Assert.Equal(has, new ImageAvailability(["unrelated", pattern]).Has(image, reference));
        Assert.True(ImageAvailability.All.Has(image, reference));
    }

    [Fact]
    public void What_cannot_be_had_is_said_in_the_kubelets_words()
    {
        Assert.True(ImageReference.TryParse("nosuch:1", out var image, out _));
        const string cause = "rpc error: code = NotFound desc = failed to pull and unpack image \"docker.io/library/nosuch:1\": failed to resolve reference \"docker.io/library/nosuch:1\": docker.io/library/nosuch:1: not found";
        var failure = ImagePull.NotFound(image);
        Assert.Equal(new PullFailure("ErrImagePull", cause), failure);
        Assert.Equal(new PullFailure("ImagePullBackOff", $"Back-off pulling image \"nosuch:1\": ErrImagePull: {cause}"), ImagePull.BackOff("nosuch:1", failure));
        Assert.Equal($"Failed to pull image \"nosuch:1\": {cause}", ImagePull.FailedEvent("nosuch:1", failure));
        Assert.Equal(new PullFailure("ErrImageNeverPull", "Container image \"nosuch:1\" is not present with pull policy of Never"), ImagePull.NeverPull("nosuch:1"));
        Assert.Null(ImagePull.InvalidName("nosuch:1"));
    }
}
