using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Orleans.StatefulSets.Resources.Objects;

/// <summary>JSON written as one YAML document, so that every reader of YAML 1.1 or 1.2 finds the same values in it.</summary>
public static partial class ObjectYaml
{
    /// <summary>The document, UTF-8, without a <c>---</c> before it and with a line break at its end. Members keep their order.</summary>
    /// <exception cref="JsonException">It is not JSON.</exception>
    public static ReadOnlyMemory<byte> FromJson(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        using var text = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        var emitter = Begin(text);
        Write(emitter, document.RootElement);
        End(emitter);
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    internal static Emitter Begin(TextWriter text)
    {
        var emitter = new Emitter(text, new EmitterSettings(2, int.MaxValue, false, 1024));
        emitter.Emit(new StreamStart());
        emitter.Emit(new DocumentStart(null, null, isImplicit: true));
        return emitter;
    }

    internal static void End(Emitter emitter)
    {
        emitter.Emit(new DocumentEnd(isImplicit: true));
        emitter.Emit(new StreamEnd());
    }

    internal static void Write(Emitter emitter, JsonProperty member)
    {
        emitter.Emit(Text(member.Name));
        Write(emitter, member.Value);
    }

    internal static void Write(Emitter emitter, JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                emitter.Emit(new MappingStart(null, null, true, element.EnumerateObject().Any() ? MappingStyle.Block : MappingStyle.Flow));
                foreach (var property in element.EnumerateObject())
                {
                    Write(emitter, property);
                }

                emitter.Emit(new MappingEnd());
                break;
            case JsonValueKind.Array:
                emitter.Emit(new SequenceStart(null, null, true, element.GetArrayLength() > 0 ? SequenceStyle.Block : SequenceStyle.Flow));
                foreach (var item in element.EnumerateArray())
                {
                    Write(emitter, item);
                }

                emitter.Emit(new SequenceEnd());
                break;
            case JsonValueKind.String:
                emitter.Emit(Text(element.GetString()!));
                break;
            default:
                emitter.Emit(new Scalar(null, null, element.GetRawText(), ScalarStyle.Plain, true, false));
                break;
        }
    }

    internal static Scalar Text(string text) => new(null, null, text, StyleOf(text), true, true);

    private static ScalarStyle StyleOf(string text)
    {
        if (ReadsAsAnotherType().IsMatch(text) || ChangesUnquoted().IsMatch(text))
        {
            return ScalarStyle.DoubleQuoted;
        }

        return text.Contains('\n', StringComparison.Ordinal) ? ScalarStyle.Literal : ScalarStyle.Any;
    }

    // A string that a YAML 1.1 reader would take for a number, a boolean, a null, a date or a merge of maps.
    [GeneratedRegex(@"\A(?:~|null|true|false|yes|no|on|off|y|n|=|<<|[-+._]*[0-9][0-9_.:eExXoOa-fA-FT+\-Z]*|[-+]?\.(?:inf|nan))?\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex ReadsAsAnotherType();

    // What only escapes carry through every reader: control characters, the other line breaks, characters beyond the basic plane, and
    // white space where lines begin or end.
    [GeneratedRegex(@"[\x00-\x08\x0B-\x1F\x7F-\xA0\u2028\u2029\uD800-\uDFFF\uFEFF\uFFFE\uFFFF]|\A[\s]|[ \t](?:\n|\z)|\n\t|\t", RegexOptions.CultureInvariant)]
    private static partial Regex ChangesUnquoted();
}
