using System.Text.Encodings.Web;
using System.Text.Json;

namespace Orleans.StatefulSets.Api.Responses;

/// <summary>How JSON is written here.</summary>
internal static class JsonStyle
{
    /// <summary>Compact; the writer may be left with objects open, which others go on with.</summary>
    public static JsonWriterOptions Open { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>Indented by two spaces, as apiserver answers <c>?pretty=true</c>.</summary>
    public static JsonWriterOptions Pretty { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, Indented = true, IndentSize = 2 };
}
