using Orleans.StatefulSets.Resources.Decoding;
using Orleans.StatefulSets.Resources.Defaulting;
using Orleans.StatefulSets.Resources.Faults;

namespace Orleans.StatefulSets.Resources.Validation;

/// <summary>The rules of a Fault's spec. What means nothing to its action is refused rather than ignored: an experiment is to do what it says.</summary>
internal static class FaultRules
{
    private const int MostCount = 1_000_000;
    private static readonly int[] StatusCodes = [403, 409, 429, 500, 503, 504];
    private static readonly string[] Probes = ["liveness", "readiness", "startup"];

    // Moments are stored in whole seconds; what is shorter could not be told from nothing.
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Longest = TimeSpan.FromDays(3650);

    public static void Check(V1alpha1FaultSpec spec, FieldErrors errors)
    {
        if (string.IsNullOrEmpty(spec.Action))
        {
            errors.Required("spec.action");
            return;
        }

        if (!FaultActions.All.Contains(spec.Action))
        {
            errors.NotSupported("spec.action", spec.Action, [.. FaultActions.All]);
            return;
        }

        CheckRange("spec.percent", spec.Percent, 100, errors);
        CheckRange("spec.count", spec.Count, MostCount, errors);
        CheckTimes(spec, errors);
        CheckOwn(spec, errors);
        FaultSelectorRules.Check(spec, errors);
    }

    public static void CheckUpdate(V1alpha1FaultSpec next, V1alpha1FaultSpec current, FieldErrors errors)
    {
        if (!SemanticEquality.Same(next, current))
        {
            errors.Forbidden("spec", "may not be changed in an update: delete the Fault and make another one");
        }
    }

    /// <summary>The complaint about a field that goes with another action only.</summary>
    public static void Forbid(string field, string action, FieldErrors errors) => errors.Forbidden(field, $"may not be specified when `action` is '{action}'");

    private static void CheckTimes(V1alpha1FaultSpec spec, FieldErrors errors)
    {
        CheckDuration("spec.startAfter", spec.StartAfter, Shortest, Longest, errors);
        CheckDuration("spec.duration", spec.Duration, Shortest, Longest, errors);
        if (spec.Action != FaultActions.ContainerKill)
        {
            ForbidSet("spec.period", spec.Period, spec, errors);
            return;
        }

        CheckDuration("spec.period", spec.Period, Shortest, Longest, errors);
        if (spec.Period is null && spec.Duration is not null)
        {
            errors.Forbidden("spec.duration", "may not be specified without `period`: containers are killed once");
        }
    }

    private static void CheckOwn(V1alpha1FaultSpec spec, FieldErrors errors)
    {
        CheckProbe(spec, errors);
        CheckStatusCode(spec, errors);
        if (spec.Action != FaultActions.APIDelay)
        {
            ForbidSet("spec.delay", spec.Delay, spec, errors);
        }
        else if (spec.Delay is null)
        {
            errors.Required("spec.delay");
        }
        else
        {
            CheckDuration("spec.delay", spec.Delay, TimeSpan.FromMilliseconds(1), LongestDelay, errors);
        }
    }

    private static void CheckProbe(V1alpha1FaultSpec spec, FieldErrors errors)
    {
        if (spec.Action != FaultActions.ProbeFailure)
        {
            ForbidSet("spec.probe", spec.Probe, spec, errors);
        }
        else if (string.IsNullOrEmpty(spec.Probe))
        {
            errors.Required("spec.probe");
        }
        else
        {
            errors.OneOf("spec.probe", spec.Probe, Probes);
        }
    }

    private static void CheckStatusCode(V1alpha1FaultSpec spec, FieldErrors errors)
    {
        if (spec.Action != FaultActions.APIError)
        {
            ForbidSet("spec.statusCode", spec.StatusCode, spec, errors);
        }
        else if (spec.StatusCode is { } code && !StatusCodes.Contains(code))
        {
            errors.Invalid("spec.statusCode", code, $"must be one of {string.Join(", ", StatusCodes)}");
        }
    }

    private static void ForbidSet(string field, object? value, V1alpha1FaultSpec spec, FieldErrors errors)
    {
        if (value is not null)
        {
            Forbid(field, spec.Action!, errors);
        }
    }

    private static void CheckRange(string field, int? value, int most, FieldErrors errors)
    {
        if (value is < 1 || value > most)
        {
            errors.Invalid(field, value, $"must be between 1 and {most}, inclusive");
        }
    }

    private static void CheckDuration(string field, string? text, TimeSpan least, TimeSpan most, FieldErrors errors)
    {
        if (text is null)
        {
            return;
        }

        if (!GoDuration.TryParse(text, out var duration))
        {
            errors.Invalid(field, text, "must be a duration such as 30s or 1h10m");
        }
        else if (duration < least || duration > most)
        {
            errors.Invalid(field, text, $"must be between {Text(least)} and {Text(most)}, inclusive");
        }
    }

    private static string Text(TimeSpan time) =>
        time < TimeSpan.FromSeconds(1) ? $"{(int)time.TotalMilliseconds}ms"
        : time < TimeSpan.FromMinutes(1) ? $"{(int)time.TotalSeconds}s"
        : time < TimeSpan.FromHours(1) ? $"{(int)time.TotalMinutes}m"
        : $"{(int)time.TotalHours}h";
}
