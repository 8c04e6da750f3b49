using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using Orleans.StatefulSets.Resources.Errors;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Orleans.StatefulSets.Resources.Decoding;

/// <summary>
/// One YAML document as JSON, as sigs.k8s.io/yaml turns it: plain scalars get YAML 1.1's types, quoted ones stay strings.
/// Duplicate keys stay duplicates, so that strict decoding finds them; aliases are written out, within a bound.
/// </summary>
public static partial class YamlToJson
{
    private const int MaxNodes = 500_000;
    private const int MaxBytes = 16 << 20;

    private static readonly byte[] NullJson = "null"u8.ToArray();

    /// <summary>Converts the first document; an empty text is <c>null</c>.</summary>
    /// <exception cref="ApiException">400 BadRequest: not YAML, nested too deep, or aliases that grow beyond all bounds.</exception>
    public static byte[] Convert(ReadOnlySpan<byte> yaml)
    {
        try
        {
            var parser = new Parser(new StringReader(Encoding.UTF8.GetString(yaml)));
            parser.Consume<StreamStart>();
            if (!parser.TryConsume<DocumentStart>(out _))
            {
                return NullJson;
            }

            var events = ReadEvents(parser);
            using var output = new MemoryStream();
            using (var writer = new Utf8JsonWriter(output, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true }))
            {
                new Conversion(events, writer).Run();
            }

            return output.ToArray();
        }
        catch (YamlException failure)
        {
            throw ApiErrors.BadRequest($"error converting YAML to JSON: yaml: line {failure.Start.Line.ToString(CultureInfo.InvariantCulture)}: {failure.Message}");
        }
        catch (Exception failure) when (failure is InvalidOperationException or ArgumentException)
        {
            // The parser stumbles so over some plain scalars that an indicator interrupts, and over tags that are no URI.
            throw ApiErrors.BadRequest($"error converting YAML to JSON: yaml: {failure.Message}");
        }
    }

    // The scanner looks at each open level with every token, and an event is many times as large as its text: what is nested too deep, or
    // too much, is refused before it costs.
    private static List<ParsingEvent> ReadEvents(Parser parser)
    {
        var events = new List<ParsingEvent>();
        for (var depth = 0; !parser.Accept<DocumentEnd>(out _);)
        {
            var next = parser.Consume<ParsingEvent>();
            depth += next.NestingIncrease;
            events.Add(depth <= ModelReader.MaxDepth && events.Count <= 2 * MaxNodes ? next : throw TooDeep());
        }

        return events;
    }

    private static ApiException TooDeep() => ApiErrors.BadRequest($"error converting YAML to JSON: yaml: exceeded max depth of {ModelReader.MaxDepth}");

    private sealed class Conversion(List<ParsingEvent> events, Utf8JsonWriter writer)
    {
        // Where each anchored node begins.
        private readonly Dictionary<AnchorName, int> anchors = [];
        private int written;

        public void Run() => Node(0, 0);

        // Writes the node that begins at an event and answers where the next one begins.
        private int Node(int at, int depth)
        {
            if (IsExcessive(depth))
            {
                throw ApiErrors.BadRequest("error converting YAML to JSON: yaml: document contains excessive aliasing");
            }

            if (events[at] is NodeEvent { Anchor.IsEmpty: false } anchored)
            {
                anchors[anchored.Anchor] = at;
            }

            switch (events[at])
            {
                case AnchorAlias alias:
                    if (!anchors.TryGetValue(alias.Value, out var target))
                    {
                        throw ApiErrors.BadRequest($"error converting YAML to JSON: yaml: unknown anchor '{alias.Value}' referenced");
                    }

                    Node(target, depth + 1);
                    return at + 1;
                case MappingStart:
                    return Mapping(at + 1, depth);
                case SequenceStart:
                    return Sequence(at + 1, depth);
                case Scalar scalar:
                    Value(scalar);
                    return at + 1;
                default:
                    throw ApiErrors.BadRequest("error converting YAML to JSON: yaml: unexpected node");
            }
        }

        private bool IsExcessive(int depth) =>
            ++written > MaxNodes || depth > ModelReader.MaxDepth || writer.BytesCommitted + writer.BytesPending > MaxBytes;

        private int Sequence(int at, int depth)
        {
            writer.WriteStartArray();
            while (events[at] is not SequenceEnd)
            {
                at = Node(at, depth + 1);
            }

            writer.WriteEndArray();
            return at + 1;
        }

        private int Mapping(int at, int depth)
        {
            writer.WriteStartObject();
            at = Members(at, depth);
            writer.WriteEndObject();
            return at;
        }

        private int Members(int at, int depth)
        {
            while (events[at] is not MappingEnd)
            {
                if (events[at] is not Scalar key)
                {
                    throw ApiErrors.BadRequest("error converting YAML to JSON: yaml: invalid map key");
                }

                if (key is { Value: "<<", Style: ScalarStyle.Plain })
                {
                    at = Merge(at + 1, depth);
                    continue;
                }

                writer.WritePropertyName(key.Value);
                at = Node(at + 1, depth + 1);
            }

            return at + 1;
        }

        // "<<: *base" puts the members of another map here.
        private int Merge(int at, int depth)
        {
            if (IsExcessive(depth))
            {
                throw ApiErrors.BadRequest("error converting YAML to JSON: yaml: document contains excessive aliasing");
            }

            if (events[at] is AnchorAlias alias && anchors.TryGetValue(alias.Value, out var target) && events[target] is MappingStart)
            {
                Members(target + 1, depth + 1);
                return at + 1;
            }

            throw ApiErrors.BadRequest("error converting YAML to JSON: yaml: map merge requires map or sequence of maps as the value");
        }

        private void Value(Scalar scalar)
        {
            var text = scalar.Value;
            if (scalar.Style != ScalarStyle.Plain || (!scalar.Tag.IsEmpty && scalar.Tag == "tag:yaml.org,2002:str"))
            {
                writer.WriteStringValue(text);
            }
            else if (text is "" or "~" or "null" or "Null" or "NULL")
            {
                writer.WriteNullValue();
            }
            else if (Boolean(text) is { } truth)
            {
                writer.WriteBooleanValue(truth);
            }
            else if (NumberOf(text) is { } number)
            {
                writer.WriteRawValue(number);
            }
            else
            {
                writer.WriteStringValue(text);
            }
        }
    }

    // YAML 1.1 as sigs.k8s.io/yaml keeps it: on, off, yes and no are booleans too.
    private static bool? Boolean(string text) => text switch
    {
        "true" or "True" or "TRUE" or "yes" or "Yes" or "YES" or "on" or "On" or "ON" => true,
        "false" or "False" or "FALSE" or "no" or "No" or "NO" or "off" or "Off" or "OFF" => false,
        _ => null,
    };

    private static string? NumberOf(string text)
    {
        var plain = text.Replace("_", "", StringComparison.Ordinal);
        if (Decimal().IsMatch(plain))
        {
            return BigInteger.Parse(plain.TrimStart('+'), CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture);
        }

        if (Based().Match(plain) is { Success: true } based)
        {
            var digits = based.Groups["digits"].Value;
            var (radix, body) = digits switch
            {
                ['x' or 'X', .. var rest] => (16, rest),
                ['b' or 'B', .. var rest] => (2, rest),
                ['o', .. var rest] => (8, rest),
                _ => (8, digits),
            };
            var value = body.Aggregate(BigInteger.Zero, (sum, digit) => (sum * radix) + System.Convert.ToInt32(digit.ToString(), 16));
            return (based.Groups["sign"].Value == "-" ? -value : value).ToString(CultureInfo.InvariantCulture);
        }

        return Float().IsMatch(plain) && double.TryParse(plain, NumberStyles.Float, CultureInfo.InvariantCulture, out var real) && double.IsFinite(real)
            ? JsonSerializer.Serialize(real)
            : null;
    }

    [GeneratedRegex(@"^[-+]?(0|[1-9][0-9]{0,99})\z", RegexOptions.CultureInvariant)]
    private static partial Regex Decimal();

    [GeneratedRegex(@"^(?<sign>[-+]?)0(?<digits>[xX][0-9a-fA-F]{1,64}|[bB][01]{1,128}|o[0-7]{1,64}|[0-7]{1,64})\z", RegexOptions.CultureInvariant)]
    private static partial Regex Based();

    [GeneratedRegex(@"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Float();
}
