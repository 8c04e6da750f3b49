using Orleans.StatefulSets.Workloads.Programs.Servers.Http;

namespace Orleans.StatefulSets.Workloads.Programs.Servers.Nginx;

/// <summary>What is to be done next with a request.</summary>
internal abstract record Turn
{
    /// <summary>The server's own steps, then a location is looked for.</summary>
    public sealed record Begin : Turn;

    /// <summary>A location is looked for.</summary>
    public sealed record Find : Turn;

    /// <summary>A location has it.</summary>
    public sealed record Enter(NginxLocation Location) : Turn;

    /// <summary>It is answered.</summary>
    public sealed record Answer(HttpResponse Response) : Turn;

    /// <summary>It fails with a status, for which there may be a page.</summary>
    public sealed record Fail(int Status) : Turn
    {
        /// <summary>A header that goes with it, whatever the page.</summary>
        public (string Name, string Value)? Header { get; init; }
    }

    /// <summary>The connection closes without a word.</summary>
    public sealed record Close : Turn;
}
