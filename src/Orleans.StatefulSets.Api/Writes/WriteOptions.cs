using System.Globalization;
using Microsoft.AspNetCore.Http;
using Orleans.StatefulSets.Api.Requests;
using Orleans.StatefulSets.Api.Responses;
using Orleans.StatefulSets.Resources.Errors;
using Orleans.StatefulSets.Resources.Writing;

namespace Orleans.StatefulSets.Api.Writes;

/// <summary>The query of a write, validated as apimachinery's <c>meta/v1/validation</c> does.</summary>
internal sealed record WriteOptions
{
    private const int MaxFieldManagerBytes = 128;

    public bool DryRun { get; private init; }

    public FieldValidation FieldValidation { get; private init; }

    public string FieldManager { get; private init; } = "";

    /// <param name="request">The request.</param>
    /// <param name="query">Its query.</param>
    /// <param name="optionsKind">What upstream calls these options, <c>CreateOptions</c>.</param>
    /// <exception cref="ApiException">422.</exception>
    public static WriteOptions Read(HttpRequest request, ApiQuery query, string optionsKind)
    {
        var errors = new List<FieldError>();
        var manager = query.Text("fieldManager");
        if (manager.Length > MaxFieldManagerBytes)
        {
            errors.Add(new FieldError("FieldValueTooLong", "fieldManager", $"Too long: may not be more than {MaxFieldManagerBytes} bytes"));
        }

        for (var at = 0; at < manager.Length; at++)
        {
            if (char.IsControl(manager[at]))
            {
                errors.Add(new FieldError("FieldValueInvalid", "fieldManager", string.Create(
                    CultureInfo.InvariantCulture,
                    $"Invalid value: {Quoted(manager)}: invalid character U+{(int)manager[at]:X4} (at position {at})")));
            }
        }

        errors.AddRange(CheckDryRun(query.Texts("dryRun")));
        var validation = query.Text("fieldValidation");
        if (validation is not ("" or "Ignore" or "Warn" or "Strict"))
        {
            errors.Add(new FieldError(
                "FieldValueNotSupported", "fieldValidation", $"Unsupported value: \"{validation}\": supported values: \"\", \"Ignore\", \"Strict\", \"Warn\""));
        }

        if (optionsKind == "PatchOptions" && query.Has("force"))
        {
            errors.Add(new FieldError("FieldValueForbidden", "force", "Forbidden: may not be specified for non-apply patch"));
        }

        if (errors.Count > 0)
        {
            throw Refusals.InvalidOptions(optionsKind, errors);
        }

        return new WriteOptions
        {
            DryRun = query.Text("dryRun").Length > 0,
            FieldManager = manager.Length > 0 ? manager : ManagerOf(request.Headers.UserAgent.ToString()),
            FieldValidation = validation switch
            {
                "Ignore" => FieldValidation.Ignore,
                "Strict" => FieldValidation.Strict,
                _ => FieldValidation.Warn,
            },
        };
    }

    /// <summary>Only <c>All</c> is a dry run that the server knows.</summary>
    public static IEnumerable<FieldError> CheckDryRun(IEnumerable<string> values)
    {
        if (values.Any(value => value is not ("All" or "")))
        {
            yield return new FieldError(
                "FieldValueNotSupported", "dryRun",
                $"Unsupported value: []string{{{string.Join(", ", values.Select(Quoted))}}}: supported values: \"All\"");
        }
    }

    // Go's %q of what may stand in a query.
    private static string Quoted(string text) => $"\"{string.Concat(text.Select(letter => letter switch
    {
        '"' or '\\' => $"\\{letter}",
        _ when char.IsControl(letter) => string.Create(CultureInfo.InvariantCulture, $"\\x{(int)letter:x2}"),
        _ => letter.ToString(),
    }))}\"";

    // managedfields' prefixFromUserAgent: kubectl/v1.33.1 (linux/amd64) … is kubectl.
    private static string ManagerOf(string userAgent)
    {
        var prefix = userAgent.Split('/')[0];
        return prefix.Length == 0 ? "unknown" : prefix[..Math.Min(prefix.Length, MaxFieldManagerBytes)];
    }
}
