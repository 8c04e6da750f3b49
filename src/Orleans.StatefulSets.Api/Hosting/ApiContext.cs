using Microsoft.AspNetCore.Http;
using Orleans.StatefulSets.Api.InFlight;
using Orleans.StatefulSets.Api.Requests;
using Orleans.StatefulSets.Api.Responses;

namespace Orleans.StatefulSets.Api.Hosting;

/// <summary>One request on its way through the API.</summary>
internal sealed record ApiContext
{
    public required HttpContext Http { get; init; }

    public required ResourcePath Path { get; init; }

    public required ApiQuery Query { get; init; }

    public required ResponseFormat Format { get; init; }

    /// <summary>The request's place among those that are served.</summary>
    public required Seat Seat { get; init; }

    /// <summary>Ends when the client went, the server stops, or (not for long-running ones) the request took too long.</summary>
    public required CancellationToken Cancellation { get; init; }
}
