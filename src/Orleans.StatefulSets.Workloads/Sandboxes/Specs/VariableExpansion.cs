using System.Text;

namespace Orleans.StatefulSets.Workloads.Sandboxes;

/// <summary><c>$(NAME)</c> in commands, arguments and variables (<c>third_party/forked/golang/expansion</c>).</summary>
public static class VariableExpansion
{
    /// <summary>Replaces references by values; <c>$$</c> is a dollar sign, and a reference to nothing stays as it is.</summary>
    public static string Expand(string text, IReadOnlyDictionary<string, string> variables)
    {
        if (!text.Contains('$'))
        {
            return text;
        }

        var expanded = new StringBuilder(text.Length);
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] != '$' || at + 1 == text.Length)
            {
                expanded.Append(text[at]);
                continue;
            }

            var end = text[at + 1] == '(' ? text.IndexOf(')', at) : -1;
            if (text[at + 1] == '$')
            {
                expanded.Append('$');
                at++;
            }
            else if (end > 0)
            {
                var name = text[(at + 2)..end];
                expanded.Append(variables.TryGetValue(name, out var value) ? value : $"$({name})");
                at = end;
            }
            else
            {
                expanded.Append('$');
            }
        }

        return expanded.ToString();
    }
}
