using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Orleans.StatefulSets.Server.Tests.Watches;

/// <summary>One revision of an object as a list or a watch shows it, byte for byte.</summary>
internal sealed partial record ObservedObject
{
    public required string Namespace { get; init; }

    public required string Name { get; init; }

    public required string Uid { get; init; }

    public required long Version { get; init; }

    /// <summary>Its label <c>tier</c>, which the selectors ask for.</summary>
    public required string Tier { get; init; }

    public required string Text { get; init; }

    public string Key => $"{Namespace}/{Name}";

    public static ObservedObject Read(JsonElement item)
    {
        var metadata = item.GetProperty("metadata");
        var labels = metadata.TryGetProperty("labels", out var found) ? found : default;
        return new ObservedObject
        {
            Namespace = TextOf(metadata, "namespace"),
            Name = TextOf(metadata, "name"),
            Uid = TextOf(metadata, "uid"),
            Version = long.Parse(TextOf(metadata, "resourceVersion"), CultureInfo.InvariantCulture),
            Tier = labels.ValueKind == JsonValueKind.Object ? TextOf(labels, "tier") : "",

            // GET and LIST show the heartbeats of the moment, which no revision holds.
            Text = Heartbeat().Replace(item.GetRawText(), "$1"),
        };
    }

    /// <summary>The same state under a later version: what a watch says of an object that goes.</summary>
    public ObservedObject At(long version) => this with
    {
        Version = version,
        Text = Text.Replace($"\"resourceVersion\":\"{Version}\"", $"\"resourceVersion\":\"{version}\"", StringComparison.Ordinal),
    };

    public override string ToString() => $"{Key} {Uid} @{Version}";

    private static string TextOf(JsonElement parent, string name) => parent.TryGetProperty(name, out var value) ? value.GetString() ?? "" : "";

    [GeneratedRegex("""("lastHeartbeatTime"|"renewTime"):"[^"]*""")]
    private static partial Regex Heartbeat();
}
