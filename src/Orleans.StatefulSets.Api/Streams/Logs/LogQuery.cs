using System.Globalization;
using Orleans.StatefulSets.Api.Requests;
using Orleans.StatefulSets.Grains.Streaming;
using Orleans.StatefulSets.Resources.Errors;
using Orleans.StatefulSets.Resources.Kinds;

namespace Orleans.StatefulSets.Api.Streams.Logs;

/// <summary>Which part of a log a query asks for (<c>PodLogOptions</c>), and core validation's <c>ValidatePodLogOptions</c>.</summary>
internal static class LogQuery
{
    private static readonly ResourceKind Options = new()
    {
        Group = "",
        Version = "v1",
        Kind = "PodLogOptions",
        Plural = "podlogoptions",
        Singular = "podlogoptions",
        Namespaced = false,
        ModelType = typeof(object),
    };

    private static readonly string[] Formats = ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mm:ssK"];

    /// <exception cref="ApiException">400: a parameter is not of its type. 422: it makes no sense.</exception>
    public static LogRequest Read(ApiQuery query, string pod)
    {
        var request = new LogRequest
        {
            Container = query.Text("container"),
            Follow = query.Flag("follow"),
            Previous = query.Flag("previous"),
            Timestamps = query.Flag("timestamps"),
            TailLines = query.Number("tailLines"),
            SinceSeconds = query.Number("sinceSeconds"),
            SinceTime = Time(query.Text("sinceTime")),
            LimitBytes = query.Number("limitBytes"),
        };
        List<FieldError> errors = [.. Complaints(request)];
        if (query.Text("stream").Length > 0)
        {
            // The feature gate PodLogsQuerySplitStreams is off in a 1.33 cluster.
            errors.Add(new FieldError("FieldValueForbidden", "stream", "Forbidden: may not be specified"));
        }

        return errors.Count == 0 ? request : throw ApiErrors.Invalid(Options, pod, errors);
    }

    private static IEnumerable<FieldError> Complaints(LogRequest request)
    {
        if (request.TailLines < 0)
        {
            yield return Invalid("tailLines", request.TailLines.Value, "must be greater than or equal to 0");
        }

        if (request.LimitBytes < 1)
        {
            yield return Invalid("limitBytes", request.LimitBytes.Value, "must be greater than 0");
        }

        if (request is { SinceSeconds: not null, SinceTime: not null })
        {
            yield return new FieldError("FieldValueForbidden", "", "Forbidden: at most one of `sinceTime` or `sinceSeconds` may be specified");
        }
        else if (request.SinceSeconds < 1)
        {
            yield return Invalid("sinceSeconds", request.SinceSeconds.Value, "must be greater than 0");
        }
    }

    private static FieldError Invalid(string field, long value, string why) =>
        new("FieldValueInvalid", field, string.Create(CultureInfo.InvariantCulture, $"Invalid value: {value}: {why}"));

    private static DateTime? Time(string text) =>
        text.Length == 0 ? null
        : DateTimeOffset.TryParseExact(Shortened(text), Formats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time.UtcDateTime
        : throw ApiErrors.BadRequest($"parsing time \"{text}\" as \"2006-01-02T15:04:05Z07:00\": cannot parse \"{text}\" as \"2006\"");

    // A moment is known to a tenth of a microsecond here; clients write nanoseconds.
    private static string Shortened(string text)
    {
        const int digits = 7;
        var point = text.IndexOf('.', StringComparison.Ordinal);
        var end = point < 0 ? -1 : text.AsSpan(point + 1).IndexOfAnyExceptInRange('0', '9') is var rest and >= 0 ? point + 1 + rest : text.Length;
        return end - point - 1 <= digits || point < 0 ? text : string.Concat(text.AsSpan(0, point + 1 + digits), text.AsSpan(end));
    }
}
