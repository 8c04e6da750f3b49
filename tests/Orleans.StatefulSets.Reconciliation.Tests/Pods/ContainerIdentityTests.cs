using Orleans.StatefulSets.Reconciliation.Pods;

namespace Orleans.StatefulSets.Reconciliation.Tests.Pods;

public class ContainerIdentityTests
{
    [Theory]
    [InlineData("nginx", "docker.io/library/nginx:latest", "docker.io/library/nginx@sha256:")]
    [InlineData("nginx:1.25", "docker.io/library/nginx:1.25", "docker.io/library/nginx@sha256:")]
    [InlineData("bitnami/redis:7", "docker.io/bitnami/redis:7", "docker.io/bitnami/redis@sha256:")]
    [InlineData("localhost:5000/web", "localhost:5000/web:latest", "localhost:5000/web@sha256:")]
    [InlineData("k8s.gcr.io/nginx-slim:0.8", "k8s.gcr.io/nginx-slim:0.8", "k8s.gcr.io/nginx-slim@sha256:")]
    [InlineData("nginx:1@sha256:abc", "docker.io/library/nginx@sha256:abc", "docker.io/library/nginx@sha256:abc")]
    public void An_image_is_named_as_containerd_names_it(string image, string name, string idPrefix)
    {
        Assert.Equal(name, ContainerIdentity.FullName(image));
        Assert.StartsWith(idPrefix, ContainerIdentity.ImageId(image));
    }

    [Fact]
    public void A_container_keeps_its_id_until_it_is_restarted_or_another_pod_takes_its_place()
    {
        Assert.Equal(ContainerIdentity.ContainerId("uid", "nginx", 0), ContainerIdentity.ContainerId("uid", "nginx", 0));
        Assert.Equal(3, new[] { ("uid", 0), ("uid", 1), ("other", 0) }.Select(of => ContainerIdentity.ContainerId(of.Item1, "nginx", of.Item2)).Distinct().Count());
    }
}
