using k8s.Models;
using Orleans.StatefulSets.Workloads.Sandboxes;

namespace Orleans.StatefulSets.Workloads.Tests.Sandboxes.Specs;

/// <summary>What the variables of a container come to.</summary>
public sealed class ContainerEnvironmentTests
{
    // https://kubernetes.io/docs/tasks/inject-data-application/define-interdependent-environment-variables/
    [Fact]
    public void Variables_may_name_those_before_them()
    {
        var variables = Of(new FakeSources(), container => container.Env =
        [
            new V1EnvVar { Name = "SERVICE_PORT", Value = "80" },
            new V1EnvVar { Name = "SERVICE_IP", Value = "172.17.0.1" },
            new V1EnvVar { Name = "UNCHANGED_REFERENCE", Value = "$(PROTOCOL)://$(SERVICE_IP):$(SERVICE_PORT)" },
            new V1EnvVar { Name = "PROTOCOL", Value = "https" },
            new V1EnvVar { Name = "SERVICE_ADDRESS", Value = "$(PROTOCOL)://$(SERVICE_IP):$(SERVICE_PORT)" },
            new V1EnvVar { Name = "ESCAPED_REFERENCE", Value = "$$(PROTOCOL)://$(SERVICE_IP):$(SERVICE_PORT)" },
        ]);

        Assert.Equal("$(PROTOCOL)://172.17.0.1:80", variables["UNCHANGED_REFERENCE"]);
        Assert.Equal("https://172.17.0.1:80", variables["SERVICE_ADDRESS"]);
        Assert.Equal("$(PROTOCOL)://172.17.0.1:80", variables["ESCAPED_REFERENCE"]);
    }

    // https://kubernetes.io/docs/concepts/services-networking/service/#environment-variables
    [Fact]
    public void A_Service_is_told_as_the_documentation_has_it()
    {
        var variables = Of(new FakeSources().Service("redis-primary", "10.0.0.11", (null, 6379, "TCP")));
        Assert.Equal(
            [
                "REDIS_PRIMARY_PORT=tcp://10.0.0.11:6379",
                "REDIS_PRIMARY_PORT_6379_TCP=tcp://10.0.0.11:6379",
                "REDIS_PRIMARY_PORT_6379_TCP_ADDR=10.0.0.11",
                "REDIS_PRIMARY_PORT_6379_TCP_PORT=6379",
                "REDIS_PRIMARY_PORT_6379_TCP_PROTO=tcp",
                "REDIS_PRIMARY_SERVICE_HOST=10.0.0.11",
                "REDIS_PRIMARY_SERVICE_PORT=6379",
            ],
            variables.Select(pair => $"{pair.Key}={pair.Value}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Of_several_ports_the_first_stands_for_the_Service_and_each_has_its_name()
    {
        var variables = Of(new FakeSources().Service("dns", "10.0.0.10", ("dns-udp", 53, "UDP"), ("metrics", 9153, "TCP")));
        Assert.Equal("udp://10.0.0.10:53", variables["DNS_PORT"]);
        Assert.Equal("53", variables["DNS_SERVICE_PORT"]);
        Assert.Equal("53", variables["DNS_SERVICE_PORT_DNS_UDP"]);
        Assert.Equal("9153", variables["DNS_SERVICE_PORT_METRICS"]);
        Assert.Equal("udp", variables["DNS_PORT_53_UDP_PROTO"]);
    }

    [Theory]
    [InlineData("None", true)]
    [InlineData("", true)]
    [InlineData("10.0.0.11", false)]
    public void A_headless_Service_is_not_told_nor_any_to_a_pod_that_wants_none(string address, bool wants)
    {
        var pod = FakeSources.Pod(new V1Container { Name = "c" });
        pod.Spec.EnableServiceLinks = wants;
        Assert.Empty(ContainerEnvironment.Of(pod, pod.Spec.Containers[0], new FakeSources().Service("web", address, ("http", 80, "TCP"))));
    }

    [Fact]
    public void The_API_is_told_to_every_pod()
    {
        var pod = FakeSources.Pod(new V1Container { Name = "c" });
        pod.Spec.EnableServiceLinks = false;
        pod.Metadata.NamespaceProperty = "other";
        var variables = ContainerEnvironment.Of(pod, pod.Spec.Containers[0], new FakeSources().Service("kubernetes", "10.96.0.1", ("https", 443, "TCP")));
        Assert.Equal("tcp://10.96.0.1:443", variables["KUBERNETES_PORT"]);
        Assert.Equal("443", variables["KUBERNETES_SERVICE_PORT_HTTPS"]);
    }

    // "Values defined by an Env with a duplicate key will take precedence"; of several envFrom "the value associated with the last source".
    [Fact]
    public void Own_variables_go_before_maps_later_maps_before_earlier_and_all_before_Services()
    {
        var sources = new FakeSources()
            .Map("one", ("A", "one"), ("B", "one"), ("C", "one"), ("WEB_SERVICE_HOST", "mine"))
            .Map("two", ("B", "two"), ("C", "two"))
            .Service("web", "10.0.0.5", (null, 80, "TCP"));
        var variables = Of(sources, container =>
        {
            container.EnvFrom = [From("one"), From("two")];
            container.Env = [new V1EnvVar { Name = "C", Value = "own $(B) $(WEB_SERVICE_PORT)" }];
        });

        Assert.Equal(("one", "two", "own two 80", "mine"), (variables["A"], variables["B"], variables["C"], variables["WEB_SERVICE_HOST"]));
    }

    // "prefix: Optional text to prepend to the name of each environment variable."
    [Fact]
    public void A_prefix_stands_before_each_name_of_a_map()
    {
        var variables = Of(new FakeSources().Map("m", ("KEY", "v")), container => container.EnvFrom = [new V1EnvFromSource { Prefix = "P_", ConfigMapRef = new V1ConfigMapEnvSource { Name = "m" } }]);
        Assert.Equal("P_KEY=v", string.Join(' ', variables.Select(pair => $"{pair.Key}={pair.Value}")));
    }

    [Theory]
    [InlineData("missing", "key", null, "configmap \"missing\" not found")]
    [InlineData("there", "nokey", null, "couldn't find key nokey in ConfigMap default/there")]
    [InlineData("missing", "key", true, null)]
    [InlineData("there", "nokey", true, null)]
    public void A_key_that_is_missing_keeps_the_container_from_being_made_unless_it_is_optional(string map, string key, bool? optional, string? message)
    {
        void Change(V1Container container) => container.Env =
            [new V1EnvVar { Name = "V", ValueFrom = new V1EnvVarSource { ConfigMapKeyRef = new V1ConfigMapKeySelector { Name = map, Key = key, Optional = optional } } }];
        var sources = new FakeSources().Map("there", ("key", "v"));
        if (message is null)
        {
            Assert.Empty(Of(sources, Change));
        }
        else
        {
            Assert.Equal(message, Assert.Throws<PodConfigurationException>(() => Of(sources, Change)).Message);
        }
    }

    [Fact]
    public void Secrets_are_told_as_text_and_missed_in_their_own_words()
    {
        var sources = new FakeSources();
        sources.Secrets["s"] = new V1Secret { Data = new Dictionary<string, byte[]> { ["password"] = "opensesame"u8.ToArray() } };
        Assert.Equal("opensesame", Of(sources, container => container.Env = [OfSecret("s", "password")])["V"]);
        Assert.Equal("couldn't find key nokey in Secret default/s", Assert.Throws<PodConfigurationException>(() => Of(sources, container => container.Env = [OfSecret("s", "nokey")])).Message);
        Assert.Equal("secret \"t\" not found", Assert.Throws<PodConfigurationException>(() => Of(sources, container => container.Env = [OfSecret("t", "x")])).Message);
        Assert.Equal("secret \"t\" not found", Assert.Throws<PodConfigurationException>(() => Of(sources, container => container.EnvFrom = [new V1EnvFromSource { SecretRef = new V1SecretEnvSource { Name = "t" } }])).Message);
    }

    private static V1EnvVar OfSecret(string name, string key) => new() { Name = "V", ValueFrom = new V1EnvVarSource { SecretKeyRef = new V1SecretKeySelector { Name = name, Key = key } } };

    private static V1EnvFromSource From(string map) => new() { ConfigMapRef = new V1ConfigMapEnvSource { Name = map } };

    private static IReadOnlyDictionary<string, string> Of(FakeSources sources, Action<V1Container>? change = null)
    {
        var container = new V1Container { Name = "c" };
        change?.Invoke(container);
        return ContainerEnvironment.Of(FakeSources.Pod(container), container, sources);
    }
}
