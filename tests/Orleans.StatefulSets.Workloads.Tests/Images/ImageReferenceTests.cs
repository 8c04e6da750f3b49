using Orleans.StatefulSets.Workloads.Images;

namespace Orleans.StatefulSets.Workloads.Tests.Images;

/// <summary>Names of images, by the grammar of distribution/reference.</summary>
public sealed class ImageReferenceTests
{
    private const string Sha = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    [Theory]
    [InlineData("nginx", "docker.io/library/nginx:latest", "nginx")]
    [InlineData("nginx:1.25", "docker.io/library/nginx:1.25", "nginx")]
    [InlineData("team/app", "docker.io/team/app:latest", "app")]
    [InlineData("docker.io/nginx", "docker.io/library/nginx:latest", "nginx")]
    [InlineData("index.docker.io/library/nginx", "docker.io/library/nginx:latest", "nginx")]
    [InlineData("k8s.gcr.io/nginx-slim:0.8", "k8s.gcr.io/nginx-slim:0.8", "nginx-slim")]
    [InlineData("localhost/app", "localhost/app:latest", "app")]
    [InlineData("localhost:5000/app", "localhost:5000/app:latest", "app")]
    [InlineData("10.0.0.1:5000/a/b/c:x", "10.0.0.1:5000/a/b/c:x", "c")]
    [InlineData("[fd00::1]:5000/a", "[fd00::1]:5000/a:latest", "a")]
    [InlineData("nginx@" + Sha, "docker.io/library/nginx@" + Sha, "nginx")]
    [InlineData("nginx:1.25@" + Sha, "docker.io/library/nginx:1.25@" + Sha, "nginx")]
    [InlineData("Registry.Example.com/a", "Registry.Example.com/a:latest", "a")]
    [InlineData("a__b/c-.d", null, null)]
    [InlineData("a__b/c--d", "docker.io/a__b/c--d:latest", "c--d")]
    [InlineData("", null, null)]
    [InlineData(":1", null, null)]
    [InlineData("nginx:", null, null)]
    [InlineData("nginx:-1", null, null)]
    [InlineData("nginx@sha256:12", null, null)]
    [InlineData("a/", null, null)]
    [InlineData("/a", null, null)]
    [InlineData("a//b", null, null)]
    [InlineData("a b", null, null)]
    [InlineData("http://a/b", null, null)]
    public void A_name_is_read_with_its_defaults(string text, string? whole, string? name)
    {
        var isOne = ImageReference.TryParse(text, out var reference, out var error);
        Assert.Equal((whole is not null, whole, name), (isOne, reference?.ToString(), reference?.Name));
        Assert.Equal(whole is null ? "invalid reference format" : null, error);
    }

    [Theory]
    [InlineData("NGINX", "invalid reference format: repository name (library/NGINX) must be lowercase")]
    [InlineData("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", "invalid repository name (0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef), cannot specify 64-byte hexadecimal strings")]
    public void What_is_no_name_says_why(string text, string reason)
    {
        Assert.False(ImageReference.TryParse(text, out _, out var error));
        Assert.Equal(reason, error);
        Assert.Equal(
            new PullFailure("InvalidImageName", $"Failed to apply default image tag \"{text}\": couldn't parse image reference \"{text}\": {reason}"),
            ImagePull.InvalidName(text));
    }

    [Fact]
    public void A_name_that_is_very_long_is_none()
    {
        Assert.True(ImageReference.TryParse(new string('a', 247), out _, out _));
        Assert.False(ImageReference.TryParse(new string('a', 248), out _, out var error));
        Assert.Equal("repository name must not be more than 255 characters", error);
        Assert.False(ImageReference.TryParse(string.Join('-', Enumerable.Repeat("a", 100_000)) + "!", out _, out _));
    }
}
