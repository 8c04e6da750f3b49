using System.Text.RegularExpressions;

namespace Orleans.StatefulSets.Resources.Validation;

/// <summary>What a name may be, in the words of apimachinery's <c>pkg/util/validation/validation.go</c>. Nothing comes back for a good name.</summary>
internal static partial class NameRules
{
    private const string LabelPattern = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
    private const string SubdomainPattern = LabelPattern + "(\\." + LabelPattern + ")*";
    private const string Dns1035Pattern = "[a-z]([-a-z0-9]*[a-z0-9])?";
    private const string QualifiedPattern = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";
    private const string ValuePattern = "(" + QualifiedPattern + ")?";
    private const string EnvPattern = "[-._a-zA-Z][-._a-zA-Z0-9]*";
    private const string KeyPattern = "[-._a-zA-Z0-9]+";

    private const string QualifiedError =
        "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character"
        + " (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '" + QualifiedPattern + "')";

    /// <summary>A DNS-1123 label of at most 63 characters.</summary>
    public static IEnumerable<string> Label(string name)
    {
        if (name.Length > 63)
        {
            yield return MaxLength(63);
        }

        if (!LabelRegex().IsMatch(name))
        {
            yield return LabelError;
        }
    }

    /// <summary>A DNS-1123 subdomain of at most 253 characters.</summary>
    public static IEnumerable<string> Subdomain(string name)
    {
        if (name.Length > 253)
        {
            yield return MaxLength(253);
        }

        if (!SubdomainRegex().IsMatch(name))
        {
            yield return "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with"
                + $" an alphanumeric character (e.g. 'example.com', regex used for validation is '{SubdomainPattern}')";
        }
    }

    /// <summary>A DNS-1035 label of at most 63 characters: what a Service may be called.</summary>
    public static IEnumerable<string> Dns1035(string name)
    {
        if (name.Length > 63)
        {
            yield return MaxLength(63);
        }

        if (!Dns1035Regex().IsMatch(name))
        {
            yield return "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with"
                + $" an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '{Dns1035Pattern}')";
        }
    }

    /// <summary>A key of labels, annotations, taints: a name with an optional DNS prefix.</summary>
    public static IEnumerable<string> QualifiedName(string key)
    {
        var parts = key.Split('/');
        if (parts.Length > 2)
        {
            yield return $"a qualified name {QualifiedError} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')";
            yield break;
        }

        if (parts.Length == 2)
        {
            if (parts[0].Length == 0)
            {
                yield return "prefix part must be non-empty";
            }
            else
            {
                foreach (var problem in Subdomain(parts[0]))
                {
                    yield return "prefix part " + problem;
                }
            }
        }

        var name = parts[^1];
        if (name.Length == 0)
        {
            yield return "name part must be non-empty";
        }
        else if (name.Length > 63)
        {
            yield return "name part " + MaxLength(63);
        }

        if (!QualifiedRegex().IsMatch(name))
        {
            yield return "name part " + QualifiedError;
        }
    }

    /// <summary>A label's value.</summary>
    public static IEnumerable<string> LabelValue(string value)
    {
        if (value.Length > 63)
        {
            yield return MaxLength(63);
        }

        if (!ValueRegex().IsMatch(value))
        {
            yield return "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with"
                + $" an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '{ValuePattern}')";
        }
    }

    /// <summary>The name of a container's port.</summary>
    public static IEnumerable<string> PortName(string name)
    {
        if (name.Length > 15)
        {
            yield return MaxLength(15);
        }

        if (!name.All(letter => letter is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '-'))
        {
            yield return "must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)";
        }

        if (!name.Any(letter => letter is >= 'a' and <= 'z'))
        {
            yield return "must contain at least one letter (a-z)";
        }

        if (name.Contains("--", StringComparison.Ordinal))
        {
            yield return "must not contain consecutive hyphens";
        }

        if (name.Length > 0 && (name[0] == '-' || name[^1] == '-'))
        {
            yield return "must not begin or end with a hyphen";
        }
    }

    /// <summary>The name of an environment variable; since 1.32 any printable ASCII but '='.</summary>
    public static IEnumerable<string> EnvName(string name)
    {
        if (name.Length == 0)
        {
            yield return "environment variable name must consist of alphabetic characters, digits, '_', '-', or '.', and must not start with a digit"
                + $" (e.g. 'my.env-name',  or 'MY_ENV.NAME',  or 'MyEnvName1', regex used for validation is '{EnvPattern}')";
        }
        else if (name.Any(letter => letter is < ' ' or > '~' or '='))
        {
            yield return "a valid environment variable name must consist only of printable ASCII characters other than '='";
        }
    }

    /// <summary>A key of a ConfigMap or a Secret: a file name.</summary>
    public static IEnumerable<string> ConfigKey(string key)
    {
        if (key.Length > 253)
        {
            yield return MaxLength(253);
        }

        if (!KeyRegex().IsMatch(key))
        {
            yield return $"a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '{KeyPattern}')";
        }

        if (key is ".")
        {
            yield return "must not be '.'";
        }
        else if (key is "..")
        {
            yield return "must not be '..'";
        }
        else if (key.StartsWith("..", StringComparison.Ordinal))
        {
            yield return "must not start with '..'";
        }
    }

    /// <summary>A name with what will be appended to it: a dash at its end is no fault.</summary>
    public static string Masked(string prefix) => prefix.Length > 1 && prefix[^1] == '-' ? prefix[..^1] + "a" : prefix;

    private const string LabelError =
        "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with"
        + " an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '" + LabelPattern + "')";

    private static string MaxLength(int length) => $"must be no more than {length} characters";

    [GeneratedRegex("^" + LabelPattern + "$(?!\n)")]
    private static partial Regex LabelRegex();

    [GeneratedRegex("^" + SubdomainPattern + "$(?!\n)")]
    private static partial Regex SubdomainRegex();

    [GeneratedRegex("^" + Dns1035Pattern + "$(?!\n)")]
    private static partial Regex Dns1035Regex();

    [GeneratedRegex("^" + QualifiedPattern + "$(?!\n)")]
    private static partial Regex QualifiedRegex();

    [GeneratedRegex("^" + ValuePattern + "$(?!\n)")]
    private static partial Regex ValueRegex();

    [GeneratedRegex("^" + KeyPattern + "$(?!\n)")]
    private static partial Regex KeyRegex();
}
