using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace Orleans.StatefulSets.Resources.Decoding;

/// <summary>One document of a stream.</summary>
/// <param name="Number">Its place in the stream, from 1; documents of nothing but comments don't count.</param>
/// <param name="Yaml">Its text, UTF-8, without the marker before it.</param>
public sealed record YamlDocument(int Number, ReadOnlyMemory<byte> Yaml);

/// <summary>A document is longer than its reader takes.</summary>
/// <param name="number">The document's place in the stream.</param>
public sealed class YamlDocumentTooLongException(int number) : Exception
{
    /// <summary>The document's place in the stream.</summary>
    public int Number { get; } = number;
}

/// <summary>
/// Divides a stream into its YAML documents as kubectl does, at lines that begin with <c>---</c> (and <c>...</c>, which YAML has for the
/// end of one): no line of a document can begin so. Only one document is held at a time.
/// </summary>
public static class YamlStream
{
    private const int Marker = 3;

    /// <summary>The documents in their order.</summary>
    /// <param name="input">The stream, UTF-8; it is not closed.</param>
    /// <param name="maxBytes">How long a document may be.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="YamlDocumentTooLongException">A document is longer.</exception>
    public static async IAsyncEnumerable<YamlDocument> ReadAsync(Stream input, int maxBytes, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var reader = PipeReader.Create(input, new StreamPipeReaderOptions(bufferSize: 64 << 10, leaveOpen: true));
        var document = new ArrayBufferWriter<byte>();
        var number = 0;
        await foreach (var line in LinesAsync(reader, () => new YamlDocumentTooLongException(number + 1), maxBytes, cancellation))
        {
            if (!IsMarker(line.Span))
            {
                Append(document, line.Span, maxBytes, number + 1);
                continue;
            }

            if (SaysSomething(document.WrittenSpan))
            {
                yield return new YamlDocument(++number, document.WrittenSpan.ToArray());
            }

            document.ResetWrittenCount();

            // "--- {a: 1}" and "--- # a comment" begin the document on the marker's own line.
            Append(document, line.Span[0] == '-' ? line.Span[Marker..] : [], maxBytes, number + 1);
        }

        if (SaysSomething(document.WrittenSpan))
        {
            yield return new YamlDocument(++number, document.WrittenSpan.ToArray());
        }

        await reader.CompleteAsync();
    }

    private static async IAsyncEnumerable<ReadOnlyMemory<byte>> LinesAsync(
        PipeReader reader, Func<Exception> tooLong, int maxBytes, [EnumeratorCancellation] CancellationToken cancellation)
    {
        while (true)
        {
            var read = await reader.ReadAsync(cancellation);
            var rest = read.Buffer;
            while (rest.PositionOf((byte)'\n') is { } end)
            {
                var next = rest.GetPosition(1, end);
                yield return rest.Slice(0, next).ToArray();
                rest = rest.Slice(next);
            }

            if (rest.Length > maxBytes)
            {
                throw tooLong();
            }

            if (read.IsCompleted)
            {
                if (!rest.IsEmpty)
                {
                    yield return rest.ToArray();
                }

                yield break;
            }

            reader.AdvanceTo(rest.Start, rest.End);
        }
    }

    private static void Append(ArrayBufferWriter<byte> document, ReadOnlySpan<byte> line, int maxBytes, int number)
    {
        if (document.WrittenCount + line.Length > maxBytes)
        {
            throw new YamlDocumentTooLongException(number);
        }

        document.Write(line);
    }

    private static bool IsMarker(ReadOnlySpan<byte> line) =>
        (line.StartsWith("---"u8) || line.StartsWith("..."u8)) && (line.Length == Marker || line[Marker] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n');

    private static bool SaysSomething(ReadOnlySpan<byte> document)
    {
        foreach (var range in document.Split((byte)'\n'))
        {
            var line = document[range].Trim(" \t\r\uFEFF"u8);
            if (line.Length > 0 && line[0] != '#')
            {
                return true;
            }
        }

        return false;
    }
}
