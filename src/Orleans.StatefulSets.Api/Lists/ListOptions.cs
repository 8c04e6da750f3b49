using System.Globalization;
using Orleans.StatefulSets.Api.Requests;
using Orleans.StatefulSets.Api.Responses;
using Orleans.StatefulSets.Resources.Errors;

namespace Orleans.StatefulSets.Api.Lists;

/// <summary>The query of a list, a watch or a get, validated as apimachinery's <c>meta/internalversion/validation</c> does.</summary>
internal sealed record ListOptions
{
    private const string Exact = "Exact";
    private const string NotOlderThan = "NotOlderThan";
    private const string MatchField = "resourceVersionMatch";
    private const string InitialEventsField = "sendInitialEvents";

    // What a timer can count to is some days more.
    private const long LongestTimeoutSeconds = 45 * 24 * 60 * 60;

    /// <summary>The version asked for; null where none was.</summary>
    public long? ResourceVersion { get; private init; }

    public string Match { get; private init; } = "";

    public string Continue { get; private init; } = "";

    /// <summary>Objects a page; 0 for all.</summary>
    public long Limit { get; private init; }

    public bool? SendInitialEvents { get; private init; }

    public bool AllowBookmarks { get; private init; }

    public TimeSpan? Timeout { get; private init; }

    /// <summary>A limit makes a given version exact, as it was before there was a resourceVersionMatch.</summary>
    public bool IsExact => Match == Exact || (Match.Length == 0 && Limit > 0 && ResourceVersion > 0);

    /// <exception cref="ApiException">400 or 422.</exception>
    public static ListOptions Read(ApiQuery query, bool isWatch)
    {
        var options = new ListOptions
        {
            ResourceVersion = ReadVersion(query.Text("resourceVersion")),
            Match = query.Text(MatchField),
            Continue = query.Text("continue"),
            Limit = query.Number("limit") ?? 0,
            SendInitialEvents = query.OptionalFlag(InitialEventsField),
            AllowBookmarks = query.Flag("allowWatchBookmarks"),
            Timeout = query.Number("timeoutSeconds") is > 0 and var seconds
                ? TimeSpan.FromSeconds(Math.Min(seconds, LongestTimeoutSeconds))
                : null,
        };
        var errors = (isWatch ? options.CheckWatch() : options.CheckList()).ToList();
        return errors.Count > 0 ? throw Refusals.InvalidOptions("ListOptions", errors) : options;
    }

    /// <exception cref="ApiException">400: not a version.</exception>
    public static long? ReadVersion(string text)
    {
        if (text.Length == 0)
        {
            return null;
        }

        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            ? version
            : throw ApiErrors.BadRequest(
                $"invalid resource version: resourceVersion: Invalid value: \"{text}\": strconv.ParseUint: parsing \"{text}\": invalid syntax");
    }

    private IEnumerable<FieldError> CheckList()
    {
        if (Match.Length > 0 && ResourceVersion is null)
        {
            yield return Forbidden(MatchField, "resourceVersionMatch is forbidden unless resourceVersion is provided");
        }

        if (Match.Length > 0 && Continue.Length > 0)
        {
            yield return Forbidden(MatchField, "resourceVersionMatch is forbidden when continue is provided");
        }

        if (Match is not ("" or Exact or NotOlderThan))
        {
            yield return UnsupportedMatch($"\"{Exact}\", \"{NotOlderThan}\", \"\"");
        }

        if (Match == Exact && ResourceVersion == 0)
        {
            yield return Forbidden(MatchField, "resourceVersionMatch \"exact\" is forbidden for resourceVersion \"0\"");
        }

        if (SendInitialEvents is not null)
        {
            yield return Forbidden(InitialEventsField, "sendInitialEvents is forbidden for list");
        }
    }

    private IEnumerable<FieldError> CheckWatch()
    {
        if (SendInitialEvents is not null && Match != NotOlderThan)
        {
            yield return Forbidden(MatchField, $"sendInitialEvents requires setting resourceVersionMatch to {NotOlderThan}");
        }

        if (Match.Length == 0)
        {
            yield break;
        }

        if (SendInitialEvents is null)
        {
            yield return Forbidden(MatchField, "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided");
        }

        if (Match != NotOlderThan)
        {
            yield return UnsupportedMatch($"\"{NotOlderThan}\"");
        }

        if (Continue.Length > 0)
        {
            yield return Forbidden(MatchField, "resourceVersionMatch is forbidden when continue is provided");
        }
    }

    private FieldError UnsupportedMatch(string supported) =>
        new("FieldValueNotSupported", MatchField, $"Unsupported value: \"{Match}\": supported values: {supported}");

    private static FieldError Forbidden(string field, string why) => new("FieldValueForbidden", field, $"Forbidden: {why}");
}
