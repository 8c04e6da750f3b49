using System.Globalization;
using System.Text.RegularExpressions;

namespace Orleans.StatefulSets.Acceptance.Tests.Torture;

/// <summary>What must be true of a history whatever happened in it.</summary>
internal static partial class Checker
{
    /// <summary>All rules; a line for each violation.</summary>
    /// <param name="history">What happened.</param>
    /// <param name="end">What is there in the end.</param>
    /// <param name="steps">The lines in which sets say what they decide on.</param>
    public static IReadOnlyList<string> Check(History history, EndState end, IReadOnlyList<string> steps)
    {
        var whole = Merge(history, out var violations);
        violations.AddRange(CheckWrites(history, whole));
        violations.AddRange(EndChecker.Check(history, end));
        violations.AddRange(history.Watchers.SelectMany(watcher => watcher.Value.SelectMany(part => CheckIdentities(watcher.Key, part))));
        violations.AddRange(CheckCompleteness(history, whole));
        violations.AddRange(CheckClaims(whole));
        violations.AddRange(steps.SelectMany(step => CheckStep(step, whole)));
        return violations;
    }

    // Each watcher's versions only rise, and no two watchers saw different things at one version.
    private static SortedDictionary<long, Seen> Merge(History history, out List<string> violations)
    {
        violations = [];
        var whole = new SortedDictionary<long, Seen>();
        foreach (var (watcher, parts) in history.Watchers)
        {
            foreach (var part in parts)
            {
                for (var place = 0; place < part.Count; place++)
                {
                    var seen = part[place];
                    if (place > 0 && part[place - 1].Version >= seen.Version)
                    {
                        violations.Add($"{watcher} saw {seen} after {part[place - 1]}");
                    }

                    if (!whole.TryAdd(seen.Version, seen) && whole[seen.Version].Identity != seen.Identity)
                    {
                        violations.Add($"{watcher} saw {seen}, another one {whole[seen.Version]}");
                    }
                }
            }
        }

        return whole;
    }

    // Up to the last that a watcher saw it has missed no deletion, and of every object not its last revision. One between two others may be
    // missing: where a journal's holder was lost the log tells what it held back, and a batch writes the last of an object's revisions only.
    private static IEnumerable<string> CheckCompleteness(History history, SortedDictionary<long, Seen> whole)
    {
        var ofResource = whole.Values.ToLookup(seen => seen.Key[..seen.Key.IndexOf('/', StringComparison.Ordinal)]);
        foreach (var (watcher, parts) in history.Watchers)
        {
            foreach (var part in parts.OfType<ListedPart>().Where(part => part.Count > 0))
            {
                var seen = part.Select(change => change.Version).ToHashSet();
                var until = part[^1].Version;
                var expected = ofResource[watcher[(watcher.LastIndexOf('/') + 1)..]].Where(change => change.Version > part.Version && change.Version <= until).ToList();
                var last = expected.GroupBy(change => change.Key).Select(group => group.Last());
                foreach (var missed in expected.Where(change => change.Type == "DELETED").Union(last).Where(change => !seen.Contains(change.Version)))
                {
                    yield return $"{watcher} did not see {missed}";
                }
            }
        }
    }

    // What was acknowledged at a version is what was seen at it. It may have been seen by nobody only where a later one of the object was.
    private static IEnumerable<string> CheckWrites(History history, SortedDictionary<long, Seen> whole)
    {
        var last = whole.Values.GroupBy(seen => (seen.Key, seen.Uid)).ToDictionary(group => group.Key, group => group.Max(seen => seen.Version));
        foreach (var write in history.Writes)
        {
            if (whole.TryGetValue(write.Version, out var seen))
            {
                if ((seen.Key, seen.Uid) != (write.Key, write.Uid))
                {
                    yield return $"{write} was acknowledged, and {seen} seen";
                }
            }
            else if (!last.TryGetValue((write.Key, write.Uid), out var later) || later < write.Version)
            {
                yield return $"{write} was acknowledged and is lost";
            }
        }
    }

    // Of each name there is at most one, and none comes back.
    private static IEnumerable<string> CheckIdentities(string watcher, List<Seen> part)
    {
        Dictionary<string, string> living = [];
        HashSet<string> gone = [];
        foreach (var seen in part)
        {
            if (seen.Type == "DELETED")
            {
                living.Remove(seen.Key);
                gone.Add(seen.Uid);
                continue;
            }

            if (gone.Contains(seen.Uid))
            {
                yield return $"{watcher} saw {seen} after it was gone";
            }

            if (living.TryGetValue(seen.Key, out var before) && before != seen.Uid)
            {
                yield return $"{watcher} saw {seen} while {before} was there";
            }

            living[seen.Key] = seen.Uid;
        }
    }

    // A claim outlives its pod and its set, keeps its volume, and no volume is of two claims.
    private static IEnumerable<string> CheckClaims(SortedDictionary<long, Seen> whole)
    {
        foreach (var seen in whole.Values.Where(seen => seen.Type == "DELETED" && seen.Key.StartsWith("persistentvolumeclaims/", StringComparison.Ordinal)))
        {
            yield return $"{seen}, which nobody asked for";
        }

        Dictionary<string, string> volumes = [];
        Dictionary<string, string> claims = [];
        foreach (var seen in whole.Values.Where(seen => seen.Volume.Length > 0))
        {
            if (!volumes.TryAdd(seen.Uid, seen.Volume) && volumes[seen.Uid] != seen.Volume)
            {
                yield return $"{seen} had {volumes[seen.Uid]} before";
            }

            if (!claims.TryAdd(seen.Volume, seen.Uid) && claims[seen.Volume] != seen.Uid)
            {
                yield return $"{seen} has a volume of the claim {claims[seen.Volume]}";
            }
        }
    }

    // An ordered set creates a pod when it knows all before it to be ready. It deletes one at a time, and only when it knows all after it to
    // be ready: in an update; scaled down it has none after it. One that has failed it replaces when all before it are ready. What it knew of
    // each was true at the version at which it knew it.
    private static IEnumerable<string> CheckStep(string line, SortedDictionary<long, Seen> whole)
    {
        var step = StepLine().Match(line);
        var known = Words(step.Groups["known"].Value).Select(word => KnownPod().Match(word)).ToDictionary(
            pod => int.Parse(pod.Groups["ordinal"].ValueSpan, CultureInfo.InvariantCulture),
            pod => (Version: long.Parse(pod.Groups["version"].ValueSpan, CultureInfo.InvariantCulture), IsReady: pod.Groups["ready"].ValueSpan is "+"));
        foreach (var (ordinal, pod) in known)
        {
            if (whole.TryGetValue(pod.Version, out var seen) && (seen.Key != $"pods/{step.Groups["set"].Value}-{ordinal}" || seen.Ready != pod.IsReady))
            {
                yield return $"{line}: at {pod.Version} was {seen}";
            }
        }

        foreach (var created in Words(step.Groups["created"].Value).Select(Ordinal))
        {
            if (Enumerable.Range(0, created).Any(before => !known.TryGetValue(before, out var pod) || !pod.IsReady))
            {
                yield return $"{line}: {created} was created before its time";
            }
        }

        var deletions = Words(step.Groups["deleted"].Value).Select(Ordinal).ToList();
        if (deletions.Count > 1)
        {
            yield return $"{line}: more than one was deleted";
        }

        foreach (var deleted in deletions)
        {
            var isReplaced = known.TryGetValue(deleted, out var self) && !self.IsReady && known.All(other => other.Key >= deleted || other.Value.IsReady);
            if (!isReplaced && known.Any(other => other.Key > deleted && !other.Value.IsReady))
            {
                yield return $"{line}: {deleted} was deleted before its time";
            }
        }
    }

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static int Ordinal(string pod) => int.Parse(pod[(pod.LastIndexOf('-') + 1)..], CultureInfo.InvariantCulture);

    /// <summary>Whether a line of a server's log is one of a set's steps.</summary>
    public static bool IsStep(string line) => StepLine().IsMatch(line);

    [GeneratedRegex(@"Step of statefulsets\.apps/default/(?<set>\S+): creates \[(?<created>[^\]]*)\] deletes \[(?<deleted>[^\]]*)\] knowing \[(?<known>[^\]]*)\]")]
    private static partial Regex StepLine();

    [GeneratedRegex(@"^.*-(?<ordinal>\d+)@(?<version>\d+)(?<ready>[+-])$")]
    private static partial Regex KnownPod();
}
