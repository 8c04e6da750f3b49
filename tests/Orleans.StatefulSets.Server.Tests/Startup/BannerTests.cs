using Orleans.StatefulSets.Server.Options;
using Orleans.StatefulSets.Server.Startup;

namespace Orleans.StatefulSets.Server.Tests.Startup;

public sealed class BannerTests
{
    private static readonly Banner Plain = new()
    {
        Options = new ServerOptions { DataDirectory = "/home/me/.data" },
        KubeconfigPath = "/home/me/.data/kubeconfig",
        OtherKubeconfig = false,
    };

    [Fact]
    public void On_8080_kubectl_needs_nothing() => Assert.Equal(
        $"""
        Orleans.StatefulSets {ServerCommandLine.Version}: Kubernetes 1.33 API at http://127.0.0.1:8080, 3 nodes

          kubectl get nodes
          kubectl apply -f https://k8s.io/examples/application/web/web.yaml
          kubectl get pods -w

        Ctrl-C stops it. The cluster is kept in /home/me/.data.

        """,
        Plain.Write());

    [Fact]
    public void On_another_port_kubectl_is_given_the_kubeconfig() => Assert.Contains(
        "\n  export KUBECONFIG=/home/me/.data/kubeconfig\n",
        (Plain with { Options = Plain.Options with { Urls = [new Uri("http://127.0.0.1:9090")] } }).Write(),
        StringComparison.Ordinal);

    [Fact]
    public void A_kubectl_that_is_configured_for_another_cluster_is_given_the_kubeconfig_quoted_for_the_shell() => Assert.Contains(
        "\n  export KUBECONFIG='/my home/it'\\''s/kubeconfig'\n",
        (Plain with { OtherKubeconfig = true, KubeconfigPath = "/my home/it's/kubeconfig" }).Write(),
        StringComparison.Ordinal);

    [Fact]
    public void Names_that_are_served_can_be_asked_at_once() => Assert.Contains(
        "\n  kubectl get pods -w\n  dig @127.0.0.1 -p 10053 SRV nginx.default.svc.cluster.local\n\nCtrl-C",
        (Plain with { Options = Plain.Options with { Dns = new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 10_053) } }).Write(),
        StringComparison.Ordinal);

    [Fact]
    public void Memory_storage_promises_nothing() => Assert.Contains(
        "The cluster is in memory and goes with it.",
        (Plain with { Options = Plain.Options with { Storage = StorageKind.Memory } }).Write(),
        StringComparison.Ordinal);

    [Fact]
    public void Postgres_storage_is_named_without_its_password() => Assert.Contains(
        "The cluster is kept by PostgreSQL at db:5433/cluster.\n",
        (Plain with { Options = Plain.Options with { Storage = StorageKind.Postgres, ConnectionString = "Host=db;Port=5433;Username=me;Password=secret;Database=cluster" } }).Write(),
        StringComparison.Ordinal);

    [Fact]
    public void Escape_codes_are_written_only_where_they_are_asked_for()
    {
        Assert.DoesNotContain('\e', Plain.Write());
        Assert.Contains("\e[1mhttp://127.0.0.1:8080\e[0m", (Plain with { Styled = true }).Write(), StringComparison.Ordinal);
    }
}
