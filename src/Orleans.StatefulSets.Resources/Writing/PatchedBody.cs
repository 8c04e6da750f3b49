using Orleans.StatefulSets.Resources.Decoding;
using Orleans.StatefulSets.Resources.Errors;
using Orleans.StatefulSets.Resources.Patching;

namespace Orleans.StatefulSets.Resources.Writing;

/// <summary>Applies a patch and decodes what comes of it, refusing as apiserver's <c>patch.go</c> does.</summary>
internal static class PatchedBody
{
    /// <exception cref="ApiException">400: a malformed patch. 422: it does not apply, or what comes of it does not decode.</exception>
    public static DecodedObject Decode(DecodeTarget target, WriteRequest request, ReadOnlyMemory<byte> current)
    {
        var patched = ObjectPatcher.Apply(target.ModelType, request.Patch, current, request.Body);
        var (model, findings, wrong) = ObjectDecoder.DecodeModel(target, patched.Json);

        // A strategic merge patch is converted without looking at the kind.
        wrong ??= request.Patch == PatchKind.StrategicMerge ? null : Misfit(target, patched.Json);
        if (wrong is not null)
        {
            throw PatchErrors.Undecodable(patched.Quoted(), request.Patch == PatchKind.StrategicMerge && findings?.Mismatch is { } mismatch
                ? Unconverted(mismatch)
                : wrong);
        }

        IReadOnlyList<string> complaints = request.FieldValidation == FieldValidation.Ignore
            ? []
            : [.. patched.Complaints, .. findings?.Complaints ?? []];
        return request.FieldValidation == FieldValidation.Strict && complaints.Count > 0
            ? throw PatchErrors.Undecodable(patched.Quoted(), ObjectDecoder.StrictError(complaints))
            : new DecodedObject(ObjectDecoder.Complete(model, target), complaints);
    }

    private static string? Misfit(DecodeTarget target, ReadOnlySpan<byte> json)
    {
        var body = BodyKind.Read(json, target, out var wrong);
        return wrong ?? body.Misfit(target);
    }

    // A strategic merge patch is converted from a map, not decoded from text (apimachinery's runtime/converter.go).
    private static string Unconverted(TypeMismatch mismatch) => mismatch.Wanted.Kind switch
    {
        ShapeKind.Struct => $"cannot restore struct from: {KindOf(mismatch.Found)}",
        ShapeKind.List => $"cannot restore slice from {KindOf(mismatch.Found)}",
        ShapeKind.Map => $"cannot restore map from {KindOf(mismatch.Found)}",
        ShapeKind.String when IsInteger(mismatch.Found) => "cannot convert int64 to string",
        ShapeKind.String => "unrecognized type: string",
        ShapeKind.Boolean => "unrecognized type: bool",
        ShapeKind.Int32 or ShapeKind.Int64 when mismatch.Found.StartsWith("number", StringComparison.Ordinal) =>
            $"cannot convert float64 to {GoNames.OfShape(mismatch.Wanted)}",
        ShapeKind.Int32 or ShapeKind.Int64 => $"unrecognized type: {GoNames.OfShape(mismatch.Wanted)}",
        _ => mismatch.ToString(),
    };

    private static string KindOf(string found) => found switch
    {
        "object" => "map",
        "array" => "slice",
        _ when IsInteger(found) => "int64",
        _ => found,
    };

    private static bool IsInteger(string found) => found.StartsWith("number", StringComparison.Ordinal) && !found.Contains('.');
}
