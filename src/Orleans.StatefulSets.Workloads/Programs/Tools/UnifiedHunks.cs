using System.Text;

namespace Orleans.StatefulSets.Workloads.Programs.Tools;

/// <summary>The pieces of a unified difference: changes that lie close together, with the lines around them.</summary>
internal static class UnifiedHunks
{
    private const string NoNewline = "\n\\ No newline at end of file\n";

    public static IEnumerable<string> Of(List<string> one, List<string> other, bool[] removed, bool[] added, int context)
    {
        var (left, right) = (0, 0);
        while (true)
        {
            while (left < one.Count && right < other.Count && !removed[left] && !added[right])
            {
                left++;
                right++;
            }

            if (left == one.Count && right == other.Count)
            {
                yield break;
            }

            var lead = Math.Min(context, left);
            var (fromLeft, fromRight) = (left - lead, right - Math.Min(lead, right));
            var body = new StringBuilder();
            for (var at = fromLeft; at < left; at++)
            {
                Append(body, ' ', one[at]);
            }

            var equal = 0;
            while (left < one.Count || right < other.Count)
            {
                var changed = (left < one.Count && removed[left]) || (right < other.Count && added[right]);
                if (!changed && Ahead(one, other, removed, added, left, right) > (2 * context) - equal && equal >= context)
                {
                    break;
                }

                if (changed)
                {
                    equal = 0;
                    for (; left < one.Count && removed[left]; left++)
                    {
                        Append(body, '-', one[left]);
                    }

                    for (; right < other.Count && added[right]; right++)
                    {
                        Append(body, '+', other[right]);
                    }

                    continue;
                }

                Append(body, ' ', one[left]);
                equal++;
                left++;
                right++;
            }

            yield return $"@@ -{Range(fromLeft, left)} +{Range(fromRight, right)} @@\n{body}";
        }
    }

    /// <summary>Equal lines up to the next change; very many where none follows.</summary>
    private static int Ahead(List<string> one, List<string> other, bool[] removed, bool[] added, int left, int right)
    {
        var count = 0;
        while (left + count < one.Count && right + count < other.Count && !removed[left + count] && !added[right + count])
        {
            count++;
        }

        return left + count == one.Count && right + count == other.Count ? int.MaxValue : count;
    }

    private static string Range(int from, int to) => (to - from) switch
    {
        0 => $"{from},0",
        1 => $"{from + 1}",
        _ => $"{from + 1},{to - from}",
    };

    private static void Append(StringBuilder body, char mark, string line) =>
        body.Append(mark).Append(ToolCall.Chomp(line)).Append(line.EndsWith('\n') ? "\n" : NoNewline);
}
