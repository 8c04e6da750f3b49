using System.Text.Json;
using System.Text.Json.Serialization;
using Orleans.StatefulSets.Cli.Processes;

namespace Orleans.StatefulSets.Cli.State;

/// <summary>What a cluster's folder says of it: enough to ask after it, and to end it when its supervisor is gone.</summary>
internal sealed record ClusterState
{
    /// <summary>The process that watches over the others.</summary>
    public required ProcessIdentity Supervisor { get; init; }

    /// <summary>Where the cluster is reached.</summary>
    public required Uri Url { get; init; }

    /// <summary>Whether all was ready once: until then the start may yet fail.</summary>
    public bool HasStarted { get; init; }

    /// <summary>Every process but the supervisor, in the order in which they were started.</summary>
    public IReadOnlyList<RunningProcess> Processes { get; init; } = [];

    public string Write() => JsonSerializer.Serialize(this, ClusterStateJson.Default.ClusterState) + "\n";

    /// <summary>Reads what <see cref="Write"/> wrote; null where it is nothing of the kind.</summary>
    public static ClusterState? Read(string text)
    {
        try
        {
            return JsonSerializer.Deserialize(text, ClusterStateJson.Default.ClusterState);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>How the state is written.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(ClusterState))]
internal sealed partial class ClusterStateJson : JsonSerializerContext;
