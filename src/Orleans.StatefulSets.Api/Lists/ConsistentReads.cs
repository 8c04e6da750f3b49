using System.Globalization;
using Microsoft.AspNetCore.Http;
using Orleans.StatefulSets.Api.Writes;
using Orleans.StatefulSets.Grains.Replicas;

namespace Orleans.StatefulSets.Api.Lists;

/// <summary>Reads that show everything that was acknowledged before them, and say so where they can't.</summary>
internal static class ConsistentReads
{
    /// <summary>
    /// Waits until the copy holds everything that was acknowledged before the call. While the cluster's storage or its journal can't be
    /// reached, the answer is what is known, with a warning that says how old it may be.
    /// </summary>
    public static async Task CatchUpAsync(this IReplica replica, HttpContext http, CancellationToken cancellation)
    {
        if (await replica.CatchUpAsync(cancellation) is { } age)
        {
            WriteWarnings.Add(http, [string.Create(
                CultureInfo.InvariantCulture, $"the cluster's storage does not answer; this is what was known {Math.Ceiling(age.TotalSeconds)}s ago")]);
        }
    }
}
