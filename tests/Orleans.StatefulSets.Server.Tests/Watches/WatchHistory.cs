namespace Orleans.StatefulSets.Server.Tests.Watches;

/// <summary>One event of a watch.</summary>
internal sealed record WatchEvent(string Type, ObservedObject Object)
{
    public override string ToString() => $"{Type} {Object}";
}

/// <summary>Everything that happened to a kind since a list, as one watch of all of it told: the model that the others are compared with.</summary>
internal sealed class WatchHistory(long start, IReadOnlyList<ObservedObject> initial, IReadOnlyList<WatchEvent> events)
{
    /// <summary>What a list at a version must show: what was there at first, and the fold of the events up to it.</summary>
    public IReadOnlyList<ObservedObject> StateAt(long version, WatchScope scope)
    {
        var state = initial.ToDictionary(item => item.Key);
        foreach (var change in events.Where(change => change.Object.Version <= version))
        {
            Apply(state, change);
        }

        return InOrder(state.Values.Where(scope.Holds));
    }

    /// <summary>
    /// The events that a watch of a part must show after a version (the watch cache's <c>convertToWatchEvent</c>): what begins to match is
    /// added, what ceases to is deleted, with its last matching state at the version of the change.
    /// </summary>
    public IReadOnlyList<WatchEvent> EventsOf(WatchScope scope, long after, long upTo)
    {
        var state = initial.ToDictionary(item => item.Key);
        var seen = new List<WatchEvent>();
        foreach (var change in events.Where(change => change.Object.Version <= upTo))
        {
            var before = state.GetValueOrDefault(change.Object.Key);
            Apply(state, change);
            if (change.Object.Version > after && Shown(scope, before, change) is { } shown)
            {
                seen.Add(shown);
            }
        }

        return seen;
    }

    /// <summary>Says where the history itself contradicts what a watch promises, or null.</summary>
    public string? Contradiction()
    {
        var state = initial.ToDictionary(item => item.Key);
        var last = start;
        foreach (var change in events)
        {
            var before = state.GetValueOrDefault(change.Object.Key);
            var expected = before is null ? "ADDED" : change.Type == "DELETED" ? "DELETED" : "MODIFIED";
            if (change.Object.Version <= last)
            {
                return $"{change} comes after version {last}";
            }

            if (change.Type != expected || (before is not null && before.Uid != change.Object.Uid))
            {
                return $"{change} comes after {before}";
            }

            if (change.Type == "DELETED" && change.Object != before!.At(change.Object.Version))
            {
                return $"{change} shows another state than the last\n{change.Object.Text}\n{before.Text}";
            }

            last = change.Object.Version;
            Apply(state, change);
        }

        return null;
    }

    public static IReadOnlyList<ObservedObject> InOrder(IEnumerable<ObservedObject> items) =>
        [.. items.OrderBy(item => item.Namespace, StringComparer.Ordinal).ThenBy(item => item.Name, StringComparer.Ordinal)];

    public static void Apply(Dictionary<string, ObservedObject> state, WatchEvent change)
    {
        if (change.Type == "DELETED")
        {
            state.Remove(change.Object.Key);
        }
        else
        {
            state[change.Object.Key] = change.Object;
        }
    }

    private static WatchEvent? Shown(WatchScope scope, ObservedObject? before, WatchEvent change)
    {
        var matched = before is not null && scope.Holds(before);
        var matches = change.Type != "DELETED" && scope.Holds(change.Object);
        return (matched, matches) switch
        {
            (true, true) => change with { Type = "MODIFIED" },
            (false, true) => change with { Type = "ADDED" },
            (true, false) => new WatchEvent("DELETED", before!.At(change.Object.Version)),
            _ => null,
        };
    }
}
