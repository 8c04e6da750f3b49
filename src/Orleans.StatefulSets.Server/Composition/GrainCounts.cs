using System.Text.Json;
using Orleans.StatefulSets.Resources.Kinds;

namespace Orleans.StatefulSets.Server.Composition;

/// <summary>
/// <c>GET /grains</c>: how many grains of each kind are active in this process's silo, as a JSON object by resource,
/// <c>{"nodes":3,"pods":12}</c>. What nobody needs for some minutes is not active.
/// </summary>
internal static class GrainCounts
{
    public const string Path = "/grains";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly Dictionary<string, string> Resources = ResourceKinds.All.ToDictionary(kind => $"{kind.Kind}Grain", kind => kind.Plural);

    public static void MapGrainCounts(this WebApplication app) => app.MapGet(Path, AnswerAsync);

    private static async Task AnswerAsync(HttpContext http, IGrainFactory grains, ILocalSiloDetails here)
    {
        var all = await grains.GetGrain<IManagementGrain>(0).GetSimpleGrainStatistics([here.SiloAddress]).WaitAsync(Patience, http.RequestAborted);
        var counts = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var statistic in all)
        {
            if (Resources.TryGetValue(NameOf(statistic.GrainType), out var resource))
            {
                counts[resource] = counts.GetValueOrDefault(resource) + statistic.ActivationCount;
            }
        }

        http.Response.ContentType = "application/json";
        http.Response.Headers.CacheControl = "no-cache, private";
        await JsonSerializer.SerializeAsync(http.Response.Body, counts, cancellationToken: http.RequestAborted);
    }

    // The type's full name, with its assembly or without.
    private static string NameOf(string grainType) => grainType.Split(',')[0].Split('.')[^1];
}
