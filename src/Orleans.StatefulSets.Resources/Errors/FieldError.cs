namespace Orleans.StatefulSets.Resources.Errors;

/// <summary>
/// One complaint about one field, in the words of apimachinery's <c>field.Error</c>. <see cref="Type"/> is the cause's reason:
/// FieldValueRequired, FieldValueInvalid, FieldValueForbidden, FieldValueNotSupported, FieldValueDuplicate, FieldValueTooLong ….
/// </summary>
/// <param name="Type">The cause's reason.</param>
/// <param name="Field">The path, <c>spec.template.metadata.labels</c>.</param>
/// <param name="Message">The whole text without the path, <c>Invalid value: -1: must be greater than or equal to 0</c>.</param>
public sealed record FieldError(string Type, string Field, string Message)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Field}: {Message}";
}
