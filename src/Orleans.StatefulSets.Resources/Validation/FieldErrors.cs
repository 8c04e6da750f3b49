using Orleans.StatefulSets.Resources.Errors;

namespace Orleans.StatefulSets.Resources.Validation;

/// <summary>Gathers complaints in the words of apimachinery's <c>pkg/util/validation/field</c>.</summary>
internal sealed class FieldErrors
{
    private List<FieldError>? errors;

    /// <summary>All complaints so far, in the order they were made.</summary>
    public IReadOnlyList<FieldError> All => errors ?? (IReadOnlyList<FieldError>)[];

    public void Add(FieldError error) => (errors ??= []).Add(error);

    public void Required(string field, string detail = "") => Add(Of("FieldValueRequired", field, "Required value", detail));

    public void Invalid(string field, object? value, string detail) =>
        Add(Of("FieldValueInvalid", field, $"Invalid value: {GoValue.Print(value)}", detail));

    public void Forbidden(string field, string detail) => Add(Of("FieldValueForbidden", field, "Forbidden", detail));

    public void Duplicate(string field, object? value) =>
        Add(Of("FieldValueDuplicate", field, $"Duplicate value: {GoValue.Print(value)}", ""));

    /// <param name="field">The path.</param>
    /// <param name="value">What was given.</param>
    /// <param name="supported">What is supported, in the order that upstream lists it.</param>
    public void NotSupported(string field, string? value, params ReadOnlySpan<string> supported)
    {
        var quoted = new string[supported.Length];
        for (var index = 0; index < supported.Length; index++)
        {
            quoted[index] = GoValue.Quote(supported[index]);
        }

        Add(Of("FieldValueNotSupported", field, $"Unsupported value: {GoValue.Quote(value)}", $"supported values: {string.Join(", ", quoted)}"));
    }

    public void TooLong(string field, int bytes) =>
        Add(Of("FieldValueTooLong", field, "Too long", $"may not be more than {bytes} bytes"));

    public void TooMany(string field, int count, int most) =>
        Add(Of("FieldValueTooMany", field, $"Too many: {count}", $"must have at most {most} items"));

    public void NotFound(string field, object? value) =>
        Add(Of("FieldValueNotFound", field, $"Not found: {GoValue.Print(value)}", ""));

    /// <summary>ValidateNonnegativeField.</summary>
    public void NonNegative(string field, long? value)
    {
        if (value < 0)
        {
            Invalid(field, value, "must be greater than or equal to 0");
        }
    }

    /// <summary>A required choice from a closed list.</summary>
    public void OneOf(string field, string? value, params ReadOnlySpan<string> supported)
    {
        if (!supported.Contains(value))
        {
            NotSupported(field, value, supported);
        }
    }

    private static FieldError Of(string type, string field, string body, string detail) =>
        new(type, field, detail.Length == 0 ? body : $"{body}: {detail}");
}
