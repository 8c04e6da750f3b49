using System.Text.Json.Nodes;

namespace Orleans.StatefulSets.Api.Discovery;

/// <summary><c>/version</c>: the Kubernetes whose behaviour is emulated, marked as an emulation.</summary>
internal static class ServerVersion
{
    public const string Git = "v1.33.1+orleans";

    public static JsonObject Document() => new()
    {
        ["major"] = "1",
        ["minor"] = "33",
        ["emulationMajor"] = "1",
        ["emulationMinor"] = "33",
        ["minCompatibilityMajor"] = "1",
        ["minCompatibilityMinor"] = "32",
        ["gitVersion"] = Git,
        ["gitCommit"] = "",
        ["gitTreeState"] = "clean",
        ["buildDate"] = "2025-05-15T00:00:00Z",
        ["goVersion"] = "",
        ["compiler"] = "dotnet",
        ["platform"] = "linux/amd64",
    };
}
