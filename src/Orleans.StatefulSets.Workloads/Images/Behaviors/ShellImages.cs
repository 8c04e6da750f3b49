using System.Collections.Concurrent;
using Orleans.StatefulSets.Workloads.Files;
using Orleans.StatefulSets.Workloads.Processes;

namespace Orleans.StatefulSets.Workloads.Images.Behaviors;

/// <summary>busybox: a shell.</summary>
internal sealed class BusyboxImage : IImageBehavior
{
    public ContainerImage? Find(ImageReference image, IReadOnlyList<int> ports) => image.Name is "busybox" or "busyboxplus" || image.Name.StartsWith("busybox-", StringComparison.Ordinal)
        ? new ContainerImage { Files = StandardImages.Busybox, Programs = StandardImages.Programs, Command = ["sh"], Environment = StandardImages.Environment }
        : null;
}

/// <summary>alpine: a shell.</summary>
internal sealed class AlpineImage : IImageBehavior
{
    public ContainerImage? Find(ImageReference image, IReadOnlyList<int> ports) => image.Name == "alpine"
        ? new ContainerImage { Files = StandardImages.Alpine, Programs = StandardImages.Programs, Command = ["/bin/sh"], Environment = StandardImages.Environment }
        : null;
}

/// <summary>Distributions that people use for their shell, which goes by <c>bash</c>, too.</summary>
internal sealed class DistributionImage : IImageBehavior
{
    private static readonly Dictionary<string, (string Title, string Version, string Pretty, string? Installer, string Command)> Known = new(StringComparer.Ordinal)
    {
        ["debian"] = ("Debian GNU/Linux", "12", "Debian GNU/Linux 12 (bookworm)", "apt-get", "bash"),
        ["ubuntu"] = ("Ubuntu", "24.04", "Ubuntu 24.04.1 LTS", "apt-get", "/bin/bash"),
        ["centos"] = ("CentOS Stream", "9", "CentOS Stream 9", null, "/bin/bash"),
        ["fedora"] = ("Fedora Linux", "41", "Fedora Linux 41 (Container Image)", null, "/bin/bash"),
        ["rockylinux"] = ("Rocky Linux", "9.3", "Rocky Linux 9.3 (Blue Onyx)", null, "/bin/bash"),
        ["almalinux"] = ("AlmaLinux", "9.5", "AlmaLinux 9.5 (Teal Serval)", null, "/bin/bash"),
    };

    private readonly ConcurrentDictionary<string, ImageTree> trees = new(StringComparer.Ordinal);

    public ContainerImage? Find(ImageReference image, IReadOnlyList<int> ports) => !Known.TryGetValue(image.Name, out var known)
        ? null
        : new ContainerImage
        {
            Files = trees.GetOrAdd(image.Name, name => StandardImages.WithBash(name, known.Title, known.Version, known.Pretty, known.Installer).Build()),
            Programs = StandardImages.Programs,
            Command = [known.Command],
            Environment = StandardImages.Environment,
        };
}

/// <summary>curlimages/curl and its like: curl, unless a program is named.</summary>
internal sealed class CurlImage : IImageBehavior
{
    private static readonly Lazy<ImageTree> Tree = new(() => new ImageBuilder(StandardImages.Alpine)
        .File("/entrypoint.sh", ImageFiles.Read("curl-entrypoint.sh"), 0x1ED)
        .File("/etc/passwd", BaseImage.Accounts + "curl_user:x:100:101:Linux User,,,:/home/curl_user:/bin/sh\n").File("/etc/group", BaseImage.Groups + "curl_group:x:101:\n")
        .Directory("/home/curl_user", 0x1ED, 100, 101).Build());

    public ContainerImage? Find(ImageReference image, IReadOnlyList<int> ports) => image.Name == "curl" || image.Name.EndsWith("-curl", StringComparison.Ordinal)
        ? new ContainerImage
        {
            Files = Tree.Value,
            Programs = StandardImages.Programs,
            Entrypoint = ["/entrypoint.sh"],
            Command = ["curl"],
            Environment = StandardImages.Environment,
            WorkingDirectory = "/home/curl_user",
            User = new Credentials(100, 101, []),
        }
        : null;
}

/// <summary>dnsutils, jessie-dnsutils, netshoot: a shell with tools for the network.</summary>
internal sealed class NameLookupImage : IImageBehavior
{
    private static readonly Lazy<ImageTree> Netshoot = new(() => new ImageBuilder(StandardImages.Alpine).Program("/bin/bash", "sh").Program("/bin/zsh", "sh").Build());

    public ContainerImage? Find(ImageReference image, IReadOnlyList<int> ports) => image.Name switch
    {
        "dnsutils" or "jessie-dnsutils" => new ContainerImage { Files = StandardImages.Debian, Programs = StandardImages.Programs, Command = ["bash"], Environment = StandardImages.Environment },
        "netshoot" => new ContainerImage { Files = Netshoot.Value, Programs = StandardImages.Programs, Command = ["zsh"], Environment = StandardImages.With(("HOSTNAME", "nettools")), WorkingDirectory = "/root" },
        _ => null,
    };
}
