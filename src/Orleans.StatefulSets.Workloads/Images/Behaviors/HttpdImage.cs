using Orleans.StatefulSets.Workloads.Files;
using Orleans.StatefulSets.Workloads.Processes;
using Orleans.StatefulSets.Workloads.Programs;
using Orleans.StatefulSets.Workloads.Programs.Servers.Httpd;

namespace Orleans.StatefulSets.Workloads.Images.Behaviors;

/// <summary>httpd, the Apache web server.</summary>
internal sealed class HttpdImage : IImageBehavior
{
    private const string Home = "/usr/local/apache2";
    private const string Newest = "2.4.62";
    private const int Executable = 0x1ED;

    public ContainerImage? Find(ImageReference image, IReadOnlyList<int> ports)
    {
        if (image.Name != "httpd" && !image.Name.StartsWith("httpd-", StringComparison.Ordinal))
        {
            return null;
        }

        var tag = (image.Tag ?? "").Split('-')[0];
        var version = tag.StartsWith("2.4.", StringComparison.Ordinal) && tag.Length > 4 && tag[4..].All(char.IsAsciiDigit) ? tag : Newest;
        var below = image.Tag?.Contains("alpine", StringComparison.Ordinal) == true ? StandardImages.Alpine : StandardImages.Debian;
        return new ContainerImage
        {
            Files = new ImageBuilder(below).Program($"{Home}/bin/httpd", "httpd").Program($"{Home}/bin/apachectl", "httpd")
                .File("/usr/local/bin/httpd-foreground", ImageFiles.Read("httpd/httpd-foreground"), Executable)
                .File($"{Home}/htdocs/index.html", ImageFiles.Read("httpd/index.html")).File($"{Home}/conf/httpd.conf", ImageFiles.Read("httpd/httpd.conf"))
                .Directory($"{Home}/logs", 0x1FF).Directory($"{Home}/cgi-bin").Build(),
            Programs = new ProgramCatalog([new HttpdProgram(version)], StandardImages.Programs),
            Command = ["httpd-foreground"],
            Environment = StandardImages.With(("PATH", $"{Home}/bin:{StandardImages.Path}"), ("HTTPD_PREFIX", Home), ("HTTPD_VERSION", version)),
            WorkingDirectory = Home,
            StopSignal = Signals.WindowChange,
            RunsWhenAsked = true,
            StartsFrom = [$"{Home}/conf", $"{Home}/logs", $"{Home}/bin"],
        };
    }
}
