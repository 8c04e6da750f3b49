using k8s.Models;
using Orleans.StatefulSets.Workloads.Files;
using Orleans.StatefulSets.Workloads.Images;
using Orleans.StatefulSets.Workloads.Sandboxes;

namespace Orleans.StatefulSets.Workloads.Tests.Sandboxes.Specs;

/// <summary>What a container of a pod comes to.</summary>
public sealed class ContainerSetupTests
{
    // "If you supply a command … only the supplied command is used, along with your args … If you supply only args … the default Entrypoint … is run with the args that you supplied."
    // https://kubernetes.io/docs/tasks/inject-data-application/define-command-argument-container/
    [Theory]
    [InlineData(null, null, "ep def")]
    [InlineData(null, "a b", "ep a b")]
    [InlineData("c", null, "c")]
    [InlineData("c", "a b", "c a b")]
    public void Command_and_args_stand_for_entrypoint_and_cmd(string? command, string? args, string words)
    {
        var setup = Of(container => (container.Command, container.Args) = (command?.Split(' '), args?.Split(' ')));
        Assert.Equal(words.Split(' '), setup.Arguments);
    }

    [Fact]
    public void They_are_expanded_by_the_containers_own_variables_and_not_by_the_images()
    {
        var setup = Of(container =>
        {
            container.Command = ["echo", "$(MESSAGE)", "$(OFIMAGE)", "$$(MESSAGE)"];
            container.Env = [new V1EnvVar { Name = "MESSAGE", Value = "hello world" }];
        });
        Assert.Equal(["echo", "hello world", "$(OFIMAGE)", "$(MESSAGE)"], setup.Arguments);
    }

    [Fact]
    public void A_container_with_nothing_to_run_can_not_be_made() =>
        Assert.Equal("no command specified", Assert.Throws<PodConfigurationException>(() => Of(_ => { }, Image with { Entrypoint = [], Command = [] })).Message);

    [Fact]
    public void Its_environment_has_those_of_the_image_below_its_own()
    {
        var setup = Of(container => container.Env = [new V1EnvVar { Name = "OFIMAGE", Value = "mine" }, new V1EnvVar { Name = "HOSTNAME", Value = "other" }]);
        Assert.Equal(("mine", "other", "/root"), (setup.Environment["OFIMAGE"], setup.Environment["HOSTNAME"], setup.Environment["HOME"]));
        Assert.Equal("web-0", Of(_ => { }).Environment["HOSTNAME"]);
    }

    // "runAsUser … May also be set in PodSecurityContext. If set in both SecurityContext and PodSecurityContext, the value specified in SecurityContext takes precedence."
    [Fact]
    public void The_containers_security_context_goes_before_the_pods()
    {
        var setup = Of(container => container.SecurityContext = new V1SecurityContext { RunAsUser = 1000 }, pod: pod => pod.Spec.SecurityContext = new V1PodSecurityContext
        {
            RunAsUser = 2000,
            RunAsGroup = 3000,
            FsGroup = 4000,
            SupplementalGroups = [5000],
        });
        Assert.Equal((1000, 3000), (setup.User.Uid, setup.User.Gid));
        Assert.Superset(new HashSet<int> { 4000, 5000 }, setup.User.Groups.ToHashSet());
    }

    [Fact]
    public void An_image_that_runs_as_root_is_refused_where_nobody_may()
    {
        var failure = Assert.Throws<PodConfigurationException>(() => Of(container => container.SecurityContext = new V1SecurityContext { RunAsNonRoot = true }));
        Assert.Equal("container has runAsNonRoot and image will run as root (pod: \"web-0_default(uid-1)\", container: c)", failure.Message);
        Assert.Equal(7, Of(container => container.SecurityContext = new V1SecurityContext { RunAsNonRoot = true, RunAsUser = 7 }).User.Uid);
    }

    // "subPathExpr: Expanded path within the volume … Behaves similarly to SubPath but environment variable references $(VAR_NAME) are expanded".
    [Fact]
    public void A_mount_leads_to_a_part_of_its_volume()
    {
        var tree = new MemoryTree(1000, TimeProvider.System);
        var volumes = new Dictionary<string, PodVolume> { ["v"] = new(tree, "data/web"), ["r"] = new(tree, ReadOnly: true) };
        var setup = Of(
            container =>
            {
                container.Env = [new V1EnvVar { Name = "POD_NAME", ValueFrom = new V1EnvVarSource { FieldRef = new V1ObjectFieldSelector { FieldPath = "metadata.name" } } }];
                container.VolumeMounts =
                [
                    new V1VolumeMount { Name = "v", MountPath = "/logs", SubPathExpr = "$(POD_NAME)" },
                    new V1VolumeMount { Name = "v", MountPath = "/all" },
                    new V1VolumeMount { Name = "v", MountPath = "/ro", SubPath = "x", ReadOnlyProperty = true },
                    new V1VolumeMount { Name = "r", MountPath = "/r" },
                ];
            },
            volumes: volumes);
        Assert.Equal(
            [("/logs", "data/web/web-0", false), ("/all", "data/web", false), ("/ro", "data/web/x", true), ("/r", "", true)],
            setup.Mounts.Select(mount => (mount.Path, mount.SubPath, mount.ReadOnly)));
    }

    private static readonly ContainerImage Image = ImageCatalog.Default.Find(new V1Container { Image = "busybox" }) with
    {
        Entrypoint = ["ep"],
        Command = ["def"],
        Environment = new Dictionary<string, string> { ["OFIMAGE"] = "image" },
    };

    private static ContainerSetup Of(Action<V1Container> change, ContainerImage? image = null, Action<V1Pod>? pod = null, Dictionary<string, PodVolume>? volumes = null)
    {
        var container = new V1Container { Name = "c" };
        change(container);
        var whole = FakeSources.Pod(container);
        pod?.Invoke(whole);
        return ContainerSetups.Of(whole, container, image ?? Image, "web-0", new FakeSources(), volumes ?? []);
    }
}
