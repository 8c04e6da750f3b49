using System.Globalization;
using Microsoft.AspNetCore.Http;
using Orleans.StatefulSets.Resources.Errors;

namespace Orleans.StatefulSets.Api.Requests;

/// <summary>Query parameters as apimachinery reads them (<c>pkg/runtime/conversion.go</c>): the first value counts, unknown names are ignored.</summary>
internal sealed class ApiQuery(IQueryCollection values)
{
    public string Text(string name) => values.TryGetValue(name, out var found) && found.Count > 0 ? found[0] ?? "" : "";

    public IReadOnlyList<string> Texts(string name) => values.TryGetValue(name, out var found) ? [.. found.Select(value => value ?? "")] : [];

    public bool Has(string name) => values.ContainsKey(name);

    /// <summary>False when absent, <c>0</c> or <c>false</c> in any case; true otherwise (Python clients send <c>True</c>).</summary>
    public bool Flag(string name) =>
        Has(name) && Text(name) is var text && text != "0" && !text.Equals("false", StringComparison.OrdinalIgnoreCase);

    public bool? OptionalFlag(string name) => Has(name) ? Flag(name) : null;

    /// <exception cref="ApiException">400: not a whole number.</exception>
    public long? Number(string name)
    {
        if (!Has(name) || Text(name).Length == 0)
        {
            return null;
        }

        return long.TryParse(Text(name), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw ApiErrors.BadRequest($"strconv.ParseInt: parsing \"{Text(name)}\": invalid syntax");
    }
}
