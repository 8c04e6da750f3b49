namespace Orleans.StatefulSets.Workloads.Programs.Servers.Nginx;

/// <summary>The variables that a configuration makes, and those that it uses: each one used must be one.</summary>
internal sealed class ConfigScope
{
    private readonly HashSet<string> declared = new(StringComparer.Ordinal);
    private readonly HashSet<string> used = new(StringComparer.Ordinal);

    /// <summary>Makes variables.</summary>
    public void Declare(IEnumerable<string> names) => declared.UnionWith(names);

    /// <summary>An argument with variables in it.</summary>
    public NginxText Text(Directive directive, string text)
    {
        var parsed = NginxText.Parse(text);
        if (parsed.IsPlain && text.EndsWith('$') && text.Length == 1)
        {
            throw directive.Error("invalid variable name");
        }

        used.UnionWith(parsed.Variables);
        return parsed;
    }

    /// <exception cref="NginxConfigException">A variable is used that nothing makes.</exception>
    public void RequireAllKnown()
    {
        var unknown = used.FirstOrDefault(name => !declared.Contains(name) && !NginxVariables.IsBuiltIn(name));
        if (unknown is not null)
        {
            throw new NginxConfigException($"unknown \"{unknown}\" variable");
        }
    }
}
