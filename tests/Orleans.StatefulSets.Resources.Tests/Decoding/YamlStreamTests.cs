using System.Text;
using Orleans.StatefulSets.Resources.Decoding;

namespace Orleans.StatefulSets.Resources.Tests.Decoding;

public sealed class YamlStreamTests
{
    [Theory]
    [InlineData("a: 1", "a: 1")]
    [InlineData("---\na: 1\n---\nb: 2\n", "\na: 1\n§\nb: 2\n")]
    [InlineData("# what it is\n---\n# more\n---\na: 1\n...\nb: 2\n---\n\n  \n---\n", "\na: 1\n§b: 2\n")]
    [InlineData("--- {a: 1}\n---\t# two\nb: 2\n---\r\nc: 3\r\n", " {a: 1}\n§\t# two\nb: 2\n§\r\nc: 3\r\n")]
    [InlineData("a: |\n  ---\n  x\n----\n---x: 1\n", "a: |\n  ---\n  x\n----\n---x: 1\n")]
    [InlineData("", "")]
    public async Task Documents_are_divided_at_their_markers(string stream, string documents)
    {
        var read = await ReadAsync(stream, 100);

        Assert.Equal(documents.Split('§', StringSplitOptions.RemoveEmptyEntries), read.Select(document => Encoding.UTF8.GetString(document.Yaml.Span)));
        Assert.Equal(Enumerable.Range(1, read.Count), read.Select(document => document.Number));
    }

    [Fact]
    public async Task A_document_that_is_too_long_is_named_and_not_read_to_its_end()
    {
        using var input = new EndlessStream("---\na: 1\n---\nb: ");

        var refusal = await Assert.ThrowsAsync<YamlDocumentTooLongException>(() => ReadAsync(input, 100_000));

        Assert.Equal(2, refusal.Number);
        Assert.InRange(input.Given, 100_000, 1_000_000);
    }

    private static Task<List<YamlDocument>> ReadAsync(string stream, int maxBytes) => ReadAsync(new MemoryStream(Encoding.UTF8.GetBytes(stream)), maxBytes);

    private static async Task<List<YamlDocument>> ReadAsync(Stream stream, int maxBytes)
    {
        var read = new List<YamlDocument>();
        await foreach (var document in YamlStream.ReadAsync(stream, maxBytes, CancellationToken.None))
        {
            read.Add(document);
        }

        return read;
    }

    /// <summary>A beginning, and then the letter x for ever.</summary>
    private sealed class EndlessStream(string beginning) : Stream
    {
        private readonly byte[] start = Encoding.UTF8.GetBytes(beginning);

        public long Given { get; private set; }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => Given; set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            for (var index = 0; index < count; index++, Given++)
            {
                buffer[offset + index] = Given < start.Length ? start[Given] : (byte)'x';
            }

            return count;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
