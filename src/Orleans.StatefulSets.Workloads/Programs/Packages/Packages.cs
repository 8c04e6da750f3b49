using Orleans.StatefulSets.Workloads.Processes;

namespace Orleans.StatefulSets.Workloads.Programs.Packages;

/// <summary>Packages whose programs every image here has.</summary>
internal static class Packages
{
    private static readonly string[] Contained = ["bash", "bind-tools", "dnsutils", "bind9-dnsutils", "bind9-host", "iputils", "iputils-ping", "netcat", "netcat-openbsd", "procps", "coreutils", "ca-certificates", "findutils", "gettext", "gettext-base"];

    /// <summary>Whether a package, or the program that it is named after, is there.</summary>
    public static bool Has(Process process, string package) => Contained.Contains(package) || process.Container.Programs.Find(package) is not null;
}
