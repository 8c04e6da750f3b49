namespace Orleans.StatefulSets.Workloads.Programs.Servers.Nginx;

/// <summary>One directive of a configuration file.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Arguments">Its arguments, quotes taken off.</param>
/// <param name="Block">What stands in its braces; null where it has none.</param>
/// <param name="Place">Where it stands: <c>/etc/nginx/nginx.conf:3</c>.</param>
internal sealed record Directive(string Name, IReadOnlyList<string> Arguments, IReadOnlyList<Directive>? Block, string Place)
{
    /// <summary>The first argument.</summary>
    public string Value => Arguments[0];

    /// <summary>An error about it.</summary>
    public NginxConfigException Error(string text) => new($"{text} in {Place}");

    /// <summary>An <c>on</c> or <c>off</c>.</summary>
    public bool IsOn => Value switch
    {
        "on" => true,
        "off" => false,
        _ => throw Error($"invalid value \"{Value}\" in \"{Name}\" directive, it must be \"on\" or \"off\""),
    };
}

/// <summary>A configuration can't be used; the message is nginx's.</summary>
internal sealed class NginxConfigException(string message) : Exception(message);
