using k8s.Models;
using Orleans.StatefulSets.Workloads.Images;

namespace Orleans.StatefulSets.Workloads.Tests.Images;

public sealed class ImageCatalogTests
{
    [Fact]
    public void Containers_of_one_image_share_what_they_are_made_from()
    {
        var catalog = new ImageCatalog([]);
        var first = catalog.Find(Container("nginx:1.25", 80));
        Assert.All(Enumerable.Range(0, 100_000), _ => Assert.Same(first, catalog.Find(Container("nginx:1.25", 80))));
        Assert.Same(catalog.Find(Container("own:1", 80, 81)), catalog.Find(Container("own:1", 81, 80, 80)));
        Assert.NotSame(catalog.Find(Container("own:1", 80)), catalog.Find(Container("own:1", 81)));
        Assert.Same(catalog.Find(Container("own:1", 80)).Files, catalog.Find(Container("other:1", 81)).Files);
    }

    [Fact]
    public void A_behavior_of_ones_own_comes_before_ours()
    {
        var own = new Own("nginx");
        var catalog = new ImageCatalog([own]);
        Assert.Equal(["own"], catalog.Find(Container("nginx:1.25")).Entrypoint);
        Assert.Equal(["/docker-entrypoint.sh"], catalog.Find(Container("my-nginx")).Entrypoint);
        catalog.Find(Container("nginx:1.25"));
        Assert.Equal(["docker.io/library/nginx:1.25", "docker.io/library/my-nginx:latest"], own.Asked);
    }

    [Theory]
    [InlineData("nginx/nginx-prometheus-exporter", true)]
    [InlineData("registry.k8s.io/ingress-nginx/controller", true)]
    [InlineData("nginx-ingress", true)]
    [InlineData("redis", true)]
    [InlineData("httpd:2.4", false)]
    [InlineData("nginx-slim", false)]
    public void What_only_speaks_of_nginx_is_not_nginx(string image, bool isStandIn) => Assert.Equal(isStandIn, ImageCatalog.Default.Find(Container(image)).IsStandIn);

    [Fact]
    public void A_catalog_forgets_rather_than_grows_without_end()
    {
        var own = new Own("nginx");
        var catalog = new ImageCatalog([own]);
        var first = catalog.Find(Container("nginx"));
        for (var i = 0; i < 5000; i++)
        {
            catalog.Find(Container($"nginx:{i}"));
        }

        Assert.NotSame(first, catalog.Find(Container("nginx")));
    }

    [Fact]
    public void A_container_whose_image_has_no_name_is_an_error_of_the_callers() => Assert.Throws<ArgumentException>(() => ImageCatalog.Default.Find(Container("NO")));

    [Theory]
    [InlineData("nginx", null, null, true)]
    [InlineData("nginx", "/usr/share/nginx/html", null, true)]
    [InlineData("nginx", "/etc/nginx/conf.d", null, false)]
    [InlineData("nginx", "/etc/nginx/conf.d/default.conf", null, false)]
    [InlineData("nginx", "/etc", null, false)]
    [InlineData("nginx", "/etc/nginx-other", null, true)]
    [InlineData("nginx", null, 1000L, false)]
    [InlineData("nginx", null, 0L, true)]
    [InlineData("redis", "/data", null, true)]
    [InlineData("redis", null, 999L, true)]
    [InlineData("busybox", null, null, false)]
    public void Who_might_not_start_does_not_wait_to_be_asked(string image, string? mountPath, long? user, bool may)
    {
        var container = Container(image, 80);
        container.VolumeMounts = mountPath is null ? null : [new V1VolumeMount { MountPath = mountPath }];
        var found = ImageCatalog.Default.Find(container);
        Assert.Equal(may, found.MayWait(container, user is null ? null : new V1PodSecurityContext { RunAsUser = user }));
        container.SecurityContext = new V1SecurityContext { ReadOnlyRootFilesystem = true };
        Assert.Equal(found.IsStandIn, found.MayWait(container, null));
        container.SecurityContext = null;
        container.Args = ["x"];
        Assert.Equal(found.IsStandIn, found.MayWait(container, null));
        container.Command = ["x"];
        Assert.False(found.MayWait(container, null));
    }

    [Fact]
    public void Ports_of_udp_are_no_ports_of_a_server()
    {
        var catalog = new ImageCatalog([new Own("dns")]);
        var container = new V1Container { Image = "dns", Ports = [new() { ContainerPort = 53, Protocol = "UDP" }, new() { ContainerPort = 9153, Protocol = "TCP" }, new() { ContainerPort = 53 }] };
        Assert.Equal(["53", "9153"], catalog.Find(container).Command);
    }

    private static V1Container Container(string image, params int[] ports) => new() { Image = image, Ports = [.. ports.Select(port => new V1ContainerPort { ContainerPort = port })] };

    private sealed class Own(string name) : IImageBehavior
    {
        public List<string> Asked { get; } = [];

        public ContainerImage? Find(ImageReference image, IReadOnlyList<int> ports)
        {
            Asked.Add(image.ToString());
            return image.Name != name ? null : new ContainerImage { Files = StandardImages.Busybox, Programs = StandardImages.Programs, Entrypoint = ["own"], Command = [.. ports.Select(port => $"{port}")] };
        }
    }
}
