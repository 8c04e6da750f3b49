using System.Globalization;
using Orleans.StatefulSets.Api.Requests;
using Orleans.StatefulSets.Resources.Errors;

namespace Orleans.StatefulSets.Api.Streams.PortForwards;

/// <summary>The ports that a request names (<c>PodPortForwardOptions</c>): one a parameter, or several with commas.</summary>
internal static class PortForwardQuery
{
    // A WebSocket's channels are numbered in a byte, two a port, and the last number means something else.
    private const int MostPorts = 127;

    /// <exception cref="ApiException">400: not a port.</exception>
    public static IReadOnlyList<int> Ports(ApiQuery query) =>
    [
        .. query.Texts("ports").SelectMany(text => text.Split(',')).Select(text =>
            ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port)
                ? port
                : throw ApiErrors.BadRequest($"cannot convert to []int32: strconv.ParseUint: parsing \"{text}\": invalid syntax")),
    ];

    /// <summary>What is wrong with the ports of a forward over channels, which must name them, or null.</summary>
    public static string? Complaint(IReadOnlyList<int> ports) => ports.Count switch
    {
        0 => "query parameter \"port\" is required",
        > MostPorts => "too many ports",
        _ => ports.Contains(0) ? "port \"0\" must be > 0" : null,
    };
}
