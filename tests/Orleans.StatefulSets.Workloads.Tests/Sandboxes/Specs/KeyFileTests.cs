using k8s.Models;
using Orleans.StatefulSets.Workloads.Files;
using Orleans.StatefulSets.Workloads.Processes;
using Orleans.StatefulSets.Workloads.Sandboxes;
using Orleans.StatefulSets.Workloads.Text;

namespace Orleans.StatefulSets.Workloads.Tests.Sandboxes.Specs;

/// <summary>The files of configMap, secret, downwardAPI and projected volumes.</summary>
public sealed class KeyFileTests
{
    private static readonly Caller Root = new("/", Credentials.Root, 0);
    private static readonly DateTime At = new(2025, 6, 1, 12, 0, 0, DateTimeKind.Utc);

    // pkg/volume/util/atomic_writer.go: a folder of the writing's time, ..data that points to it, and a link for each first name.
    [Fact]
    public async Task A_key_is_a_link_through_data_into_a_folder_named_by_its_time()
    {
        var files = Open(new V1Volume { ConfigMap = new V1ConfigMapVolumeSource { Name = "game-demo" } }, Sources());
        var names = (await files.ListAsync(Root, "/")).Select(entry => entry.Name).Where(name => name is not ("." or "..")).Order(StringComparer.Ordinal).ToList();

        Assert.Matches("^\\.\\.2025_06_01_12_00_00\\.[0-9]+$", names[0]);
        Assert.Equal(["..data", "game.properties", "ui.properties"], names[1..]);
        Assert.Equal(names[0], await files.ReadLinkAsync(Root, "/..data"));
        Assert.Equal("..data/game.properties", await files.ReadLinkAsync(Root, "/game.properties"));
        Assert.Equal("lives=3\n", await ReadAsync(files, "/game.properties"));
        Assert.Equal(0x1A4, (await files.StatAsync(Root, "/game.properties")).Mode);
        Assert.Equal(0x1FF, (await files.StatAsync(Root, "/")).Mode);
    }

    // "items: If unspecified, each key-value pair … will be projected into the volume as a file whose name is the key … mode … If a key is specified which is not
    // present in the ConfigMap, the volume setup will error unless it is marked optional."
    [Fact]
    public async Task Items_choose_keys_paths_and_modes()
    {
        var files = Open(
            new V1Volume
            {
                ConfigMap = new V1ConfigMapVolumeSource
                {
                    Name = "game-demo",
                    DefaultMode = 0x100,
                    Items = [new V1KeyToPath { Key = "game.properties", Path = "deep/er/game" }, new V1KeyToPath { Key = "ui.properties", Path = "deep/ui", Mode = 0x1ED }],
                },
            },
            Sources());
        Assert.Equal(["..data", "deep"], (await files.ListAsync(Root, "/")).Select(entry => entry.Name).Where(name => name is "..data" or "deep" or "ui.properties").Order(StringComparer.Ordinal));
        Assert.Equal("lives=3\n", await ReadAsync(files, "/deep/er/game"));
        Assert.Equal((0x100, 0x1ED), ((await files.StatAsync(Root, "/deep/er/game")).Mode, (await files.StatAsync(Root, "/deep/ui")).Mode));
    }

    [Theory]
    [InlineData("missing", null, null, "configmap \"missing\" not found")]
    [InlineData("game-demo", "nokey", null, "references non-existent config key: nokey")]
    [InlineData("missing", null, true, null)]
    [InlineData("game-demo", "nokey", true, null)]
    public void What_is_missing_fails_the_volume_unless_it_is_optional(string map, string? key, bool? optional, string? message)
    {
        var volume = new V1Volume { ConfigMap = new V1ConfigMapVolumeSource { Name = map, Optional = optional, Items = key is null ? null : [new V1KeyToPath { Key = key, Path = "f" }] } };
        var failure = Record.Exception(() => Open(volume, Sources()));
        Assert.Equal(message, failure?.Message);
    }

    [Fact]
    public async Task A_secret_lies_in_memory_and_its_group_reads_it_where_the_pod_has_one()
    {
        var sources = Sources();
        sources.Secrets["s"] = new V1Secret { Data = new Dictionary<string, byte[]> { ["password"] = [0, 1, 255] } };
        var volume = new V1Volume { Secret = new V1SecretVolumeSource { SecretName = "s", DefaultMode = 0x100 } };
        var plain = Open(volume, sources);
        Assert.Equal(0x3FF, (await plain.StatAsync(Root, "/")).Mode);
        Assert.Equal([0, 1, 255], await plain.ReadAllAsync(Root, "/password", 100));

        var grouped = Open(volume, sources, fsGroup: 2000);
        var node = await grouped.StatAsync(Root, "/password");
        Assert.Equal((0x120, 2000), (node.Mode, node.Gid));
        Assert.Equal((0x7FF, 2000), ((await grouped.StatAsync(Root, "/")).Mode, (await grouped.StatAsync(Root, "/")).Gid));

        var failure = Assert.Throws<PodConfigurationException>(() => Open(new V1Volume { Secret = new V1SecretVolumeSource { SecretName = "s", Items = [new V1KeyToPath { Key = "no", Path = "f" }] } }, sources));
        Assert.Equal("references non-existent secret key: no", failure.Message);
    }

    // https://kubernetes.io/docs/concepts/storage/projected-volumes/
    [Fact]
    public async Task A_projected_volume_has_files_of_all_its_sources_and_later_ones_over_earlier()
    {
        var sources = Sources().Map("other", ("game.properties", "lives=9\n"));
        var volume = new V1Volume
        {
            Projected = new V1ProjectedVolumeSource
            {
                Sources =
                [
                    new V1VolumeProjection { ConfigMap = new V1ConfigMapProjection { Name = "game-demo" } },
                    new V1VolumeProjection { ConfigMap = new V1ConfigMapProjection { Name = "other" } },
                    new V1VolumeProjection
                    {
                        DownwardAPI = new V1DownwardAPIProjection
                        {
                            Items =
                            [
                                new V1DownwardAPIVolumeFile { Path = "name", FieldRef = new V1ObjectFieldSelector { FieldPath = "metadata.name" } },
                                new V1DownwardAPIVolumeFile { Path = "cpu", ResourceFieldRef = new V1ResourceFieldSelector { ContainerName = "prepare", Resource = "limits.cpu", Divisor = new ResourceQuantity("1m") } },
                            ],
                        },
                    },
                    new V1VolumeProjection { ServiceAccountToken = new V1ServiceAccountTokenProjection { Path = "token" } },
                ],
            },
        };
        var files = Open(volume, sources);
        Assert.Equal("lives=9\n", await ReadAsync(files, "/game.properties"));
        Assert.Equal("web-0", await ReadAsync(files, "/name"));
        Assert.Equal("500", await ReadAsync(files, "/cpu"));
        Assert.NotEmpty(await ReadAsync(files, "/token"));
    }

    [Fact]
    public void Other_volumes_have_no_such_files() =>
        Assert.Null(KeyFiles.Find(Pod(null), new V1Volume { EmptyDir = new V1EmptyDirVolumeSource() }, Sources(), At));

    private static FakeSources Sources() => new FakeSources().Map("game-demo", ("game.properties", "lives=3\n"), ("ui.properties", "color=purple\n"));

    private static FileSystem Open(V1Volume volume, FakeSources sources, long? fsGroup = null) =>
        new(new MemoryTree(1 << 20, TimeProvider.System, KeyFiles.Find(Pod(fsGroup), volume, sources, At)));

    private static V1Pod Pod(long? fsGroup)
    {
        var pod = FakeSources.Pod(new V1Container { Name = "c" });
        pod.Spec.InitContainers = [new V1Container { Name = "prepare", Resources = new V1ResourceRequirements { Limits = new Dictionary<string, ResourceQuantity> { ["cpu"] = new("500m") } } }];
        pod.Spec.SecurityContext = fsGroup is null ? null : new V1PodSecurityContext { FsGroup = fsGroup };
        return pod;
    }

    private static async Task<string> ReadAsync(FileSystem files, string path) => ByteText.FromBytes(await files.ReadAllAsync(Root, path, 10_000));
}
