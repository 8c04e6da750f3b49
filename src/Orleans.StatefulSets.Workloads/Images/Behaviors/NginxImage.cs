using Orleans.StatefulSets.Workloads.Files;
using Orleans.StatefulSets.Workloads.Processes;
using Orleans.StatefulSets.Workloads.Programs;
using Orleans.StatefulSets.Workloads.Programs.Servers.Nginx;

namespace Orleans.StatefulSets.Workloads.Images.Behaviors;

/// <summary>nginx, nginx-slim, nginx-unprivileged, my-nginx: whatever has nginx as one of its words, but for programs that only speak of it.</summary>
internal sealed class NginxImage : IImageBehavior
{
    private const int Uid = 101;
    private const int Executable = 0x1ED;
    private static readonly string[] OtherPrograms = ["exporter", "controller", "operator", "ingress", "gateway", "agent", "certgen"];
    private static readonly string[] Scripts = ["10-listen-on-ipv6-by-default.sh", "15-local-resolvers.envsh", "20-envsubst-on-templates.sh", "30-tune-worker-processes.sh"];

    /// <summary>The first version whose image has an entrypoint.</summary>
    private static readonly Version WithEntrypoint = new(1, 19);

    /// <summary>The first version whose welcome page knows of dark screens.</summary>
    private static readonly Version WithNewPage = new(1, 21, 2);

    /// <summary>The first version whose image notes notices.</summary>
    private static readonly Version WithNotices = new(1, 21, 4);

    public ContainerImage? Find(ImageReference image, IReadOnlyList<int> ports)
    {
        var words = image.Name.Split('-', '_', '.');
        if (!words.Any(word => word.StartsWith("nginx", StringComparison.Ordinal)) || words.Any(word => Array.Exists(OtherPrograms, word.StartsWith)))
        {
            return null;
        }

        var version = NginxVersions.Of(image.Name, image.Tag);
        var isUnprivileged = words.Contains("unprivileged");
        var hasEntrypoint = image.Name != "nginx-slim" && version >= WithEntrypoint;
        return new ContainerImage
        {
            Files = FilesOf(version, isUnprivileged, hasEntrypoint, isAlpine: image.Tag?.Contains("alpine", StringComparison.Ordinal) == true),
            Programs = new ProgramCatalog([new NginxProgram(version.ToString())], StandardImages.Programs),
            Entrypoint = hasEntrypoint ? ["/docker-entrypoint.sh"] : [],
            Command = ["nginx", "-g", "daemon off;"],
            Environment = StandardImages.With(("NGINX_VERSION", version.ToString())),
            User = isUnprivileged ? new Credentials(Uid, Uid, []) : Credentials.Root,
            StopSignal = hasEntrypoint ? Signals.Quit : Signals.Terminate,
            RunsWhenAsked = true,
            StartsFrom = ["/etc/nginx", "/docker-entrypoint.d", "/docker-entrypoint.sh", "/var/cache/nginx", "/var/log/nginx", "/var/run", "/tmp"],
        };
    }

    private static ImageTree FilesOf(Version version, bool isUnprivileged, bool hasEntrypoint, bool isAlpine)
    {
        var below = isAlpine ? StandardImages.Alpine : StandardImages.Debian;
        var image = new ImageBuilder(below).Program("/usr/sbin/nginx", "nginx").Program("/usr/local/bin/envsubst", "envsubst");
        Accounts(image);
        Pages(image, version);
        Configuration(image, version, isUnprivileged);
        var owner = isUnprivileged ? Uid : 0;
        image.Directory("/var/cache/nginx", Executable, owner, owner).Directory("/etc/nginx/conf.d", Executable, owner, owner);
        image.Link("/var/log/nginx/access.log", "/dev/stdout").Link("/var/log/nginx/error.log", "/dev/stderr");
        if (hasEntrypoint)
        {
            image.File("/docker-entrypoint.sh", ImageFiles.Read("nginx/docker-entrypoint.sh"), Executable);
            foreach (var script in Scripts)
            {
                image.File($"/docker-entrypoint.d/{script}", ImageFiles.Read($"nginx/{script}"), Executable);
            }
        }

        return image.Build();
    }

    private static void Accounts(ImageBuilder image)
    {
        image.File("/etc/passwd", $"{BaseImage.Accounts}nginx:x:{Uid}:{Uid}:nginx user:/nonexistent:/bin/false\n");
        image.File("/etc/group", $"{BaseImage.Groups}nginx:x:{Uid}:\n");
    }

    private static void Pages(ImageBuilder image, Version version)
    {
        image.File("/usr/share/nginx/html/index.html", ImageFiles.Read(version >= WithNewPage ? "nginx/index.html" : "nginx/index-1.21.0.html"));
        image.File("/usr/share/nginx/html/50x.html", ImageFiles.Read("nginx/50x.html"));
    }

    private static void Configuration(ImageBuilder image, Version version, bool isUnprivileged)
    {
        var main = ImageFiles.Read("nginx/nginx.conf");
        var site = ImageFiles.Read("nginx/default.conf");
        main = version >= WithNotices ? main : main.Replace("error.log notice;", "error.log warn;", StringComparison.Ordinal);
        if (isUnprivileged)
        {
            site = site.Replace("listen       80;", "listen       8080;", StringComparison.Ordinal);
            main = main.Replace("\nuser  nginx;", "", StringComparison.Ordinal).Replace("/var/run/nginx.pid", "/tmp/nginx.pid", StringComparison.Ordinal).Replace(
                "http {\n",
                "http {\n    proxy_temp_path /tmp/proxy_temp;\n    client_body_temp_path /tmp/client_temp;\n    fastcgi_temp_path /tmp/fastcgi_temp;\n    uwsgi_temp_path /tmp/uwsgi_temp;\n    scgi_temp_path /tmp/scgi_temp;\n\n",
                StringComparison.Ordinal);
        }

        image.File("/etc/nginx/nginx.conf", main).File("/etc/nginx/conf.d/default.conf", site);
        image.File("/etc/nginx/mime.types", ImageFiles.Read("nginx/mime.types")).File("/etc/nginx/fastcgi_params", ImageFiles.Read("nginx/fastcgi_params"));
    }
}
