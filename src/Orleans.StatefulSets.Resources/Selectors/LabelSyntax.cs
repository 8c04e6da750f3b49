using System.Text.RegularExpressions;

namespace Orleans.StatefulSets.Resources.Selectors;

/// <summary>What may be a label's key and value, in the words of apimachinery's <c>util/validation</c>.</summary>
internal static partial class LabelSyntax
{
    private const string NameForm =
        "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character "
        + "(e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";

    private const string ValueForm =
        "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an "
        + "alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is "
        + "'(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

    private const string SubdomainForm =
        "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an "
        + "alphanumeric character (e.g. 'example.com', regex used for validation is "
        + "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";

    /// <summary>Complaints about a key (<c>IsQualifiedName</c>); none if it is one.</summary>
    public static IReadOnlyList<string> KeyComplaints(string key)
    {
        var complaints = new List<string>();
        var parts = key.Split('/');
        if (parts.Length > 2)
        {
            return [$"a qualified name {NameForm} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')"];
        }

        if (parts.Length == 2)
        {
            if (parts[0].Length == 0)
            {
                complaints.Add("prefix part must be non-empty");
            }
            else if (parts[0].Length > 253)
            {
                complaints.Add("prefix part must be no more than 253 characters");
            }
            else if (!Subdomain().IsMatch(parts[0]))
            {
                complaints.Add($"prefix part {SubdomainForm}");
            }
        }

        var name = parts[^1];
        if (name.Length == 0)
        {
            complaints.Add("name part must be non-empty");
        }
        else if (name.Length > 63)
        {
            complaints.Add("name part must be no more than 63 characters");
        }

        if (!Name().IsMatch(name))
        {
            complaints.Add($"name part {NameForm}");
        }

        return complaints;
    }

    /// <summary>Complaints about a value (<c>IsValidLabelValue</c>); none if it is one.</summary>
    public static IReadOnlyList<string> ValueComplaints(string value)
    {
        var complaints = new List<string>();
        if (value.Length > 63)
        {
            complaints.Add("must be no more than 63 characters");
        }

        if (value.Length > 0 && !Name().IsMatch(value))
        {
            complaints.Add(ValueForm);
        }

        return complaints;
    }

    [GeneratedRegex(@"^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]\z", RegexOptions.CultureInvariant)]
    private static partial Regex Name();

    [GeneratedRegex(@"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Subdomain();
}
