namespace Orleans.StatefulSets.Acceptance.Tests.Torture;

/// <summary>What must be true of what is there in the end, whatever happened before.</summary>
internal static class EndChecker
{
    /// <summary>All rules; a line for each violation.</summary>
    public static IEnumerable<string> Check(History history, EndState end) =>
        [.. CheckCounters(history, end.Counters), .. CheckFiles(history, end.Files), .. CheckDeleted(history, end), .. CheckNamespaces(end), .. CheckViews(history, end)];

    private static IEnumerable<string> CheckCounters(History history, IReadOnlyDictionary<string, int> counters)
    {
        foreach (var (name, value) in counters)
        {
            var (sure, unsure) = (history.Counted.GetValueOrDefault(name), history.Unknown.GetValueOrDefault(name));
            if (value < sure || value > sure + unsure)
            {
                yield return $"{name} is {value}, counted up {sure} times for sure and {unsure} times perhaps";
            }
        }
    }

    // Each line that was acknowledged is there, in the order of those who sent it; none is there twice, nor in another's file.
    private static IEnumerable<string> CheckFiles(History history, IReadOnlyDictionary<string, IReadOnlyList<string>> files)
    {
        Dictionary<(string Claim, string Text), int> places = [];
        foreach (var (claim, lines) in files)
        {
            for (var place = 0; place < lines.Count; place++)
            {
                if (!places.TryAdd((claim, lines[place]), place))
                {
                    yield return $"{claim} has the line {lines[place]} twice";
                }

                if (history.LinesSent.GetValueOrDefault(lines[place]) != claim)
                {
                    yield return $"{claim} has the line {lines[place]}, which was sent to {history.LinesSent.GetValueOrDefault(lines[place], "nobody")}";
                }
            }
        }

        Dictionary<(string Claim, int Writer), (string Text, int Place)> last = [];
        foreach (var line in history.Lines)
        {
            if (!places.TryGetValue((line.Claim, line.Text), out var place))
            {
                yield return $"{line} was acknowledged and is lost";
                continue;
            }

            if (last.TryGetValue((line.Claim, line.Writer), out var before) && before.Place > place)
            {
                yield return $"{line} stands before {before.Text}, which was acknowledged before it was sent";
            }

            last[(line.Claim, line.Writer)] = (line.Text, place);
        }
    }

    private static IEnumerable<string> CheckDeleted(History history, EndState end) =>
        from item in All(end)
        where history.Deleted.ContainsKey(item.Uid)
        select $"the deletion of {history.Deleted[item.Uid]} was acknowledged, and there is {item}";

    // Nothing is left of a namespace that is gone, nor of its claims.
    private static IEnumerable<string> CheckNamespaces(EndState end)
    {
        var namespaces = All(end, "namespaces").Select(item => item.Name).Append("").ToHashSet();
        var claims = All(end, "persistentvolumeclaims").Select(item => item.Uid).Append("").ToHashSet();
        return from item in All(end)
               where !namespaces.Contains(item.Namespace) || !claims.Contains(item.Claim)
               select $"{item} is left of what is gone";
    }

    // What a watcher has heard of and not heard the end of is what is there.
    private static IEnumerable<string> CheckViews(History history, EndState end)
    {
        foreach (var (watcher, parts) in history.Watchers)
        {
            if (!end.Objects.TryGetValue(watcher[(watcher.LastIndexOf('/') + 1)..], out var objects))
            {
                continue;
            }

            Dictionary<string, string> living = [];
            foreach (var seen in parts.Count == 0 ? [] : parts[^1])
            {
                if (seen.Type == "DELETED")
                {
                    living.Remove(seen.Key);
                }
                else
                {
                    living[seen.Key] = seen.Uid;
                }
            }

            var there = objects.Where(item => item.Namespace == Writers.Namespace).ToDictionary(item => $"{item.Resource}/{item.Name}", item => item.Uid);
            foreach (var key in living.Keys.Union(there.Keys).Where(key => living.GetValueOrDefault(key) != there.GetValueOrDefault(key)))
            {
                yield return $"{watcher} knows {key} as {living.GetValueOrDefault(key, "gone")}, and it is {there.GetValueOrDefault(key, "gone")}";
            }
        }
    }

    private static IEnumerable<Remaining> All(EndState end, string? resource = null) =>
        resource is null ? end.Objects.Values.SelectMany(items => items) : end.Objects.GetValueOrDefault(resource, []);
}
