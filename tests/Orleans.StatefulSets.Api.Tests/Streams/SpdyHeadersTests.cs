using Orleans.StatefulSets.Api.Streams.Spdy;
using static Orleans.StatefulSets.Api.Tests.Streams.SpdyBlocks;

namespace Orleans.StatefulSets.Api.Tests.Streams;

public sealed class SpdyHeadersTests
{
    [Fact]
    public void The_dictionary_is_the_protocols()
    {
        uint a = 1, b = 0;
        foreach (var value in SpdyDictionary.Bytes)
        {
            a = (a + value) % 65521;
            b = (b + a) % 65521;
        }

        Assert.Equal((1423, SpdyBlocks.DictionarySum), (SpdyDictionary.Bytes.Length, (b << 16) | a));
    }

    [Fact]
    public void Blocks_of_one_connection_are_one_compressed_stream()
    {
        using var headers = new SpdyHeaders();
        var first = headers.Read([.. Header(), .. Stored(Plain(("streamtype", "error")))]);
        var second = headers.Read(Stored(Plain(("streamtype", "stdin"), ("port", "80"))));

        Assert.Equal("error", first["streamtype"]);
        Assert.Equal(("stdin", "80"), (second["streamtype"], second["port"]));
    }

    // By zlib, level 9, with the dictionary, flushed after each block.
    [Fact]
    public void What_zlib_packed_with_the_dictionary_is_understood()
    {
        using var headers = new SpdyHeaders();
        var first = headers.Read(Convert.FromHexString("78f9e3c6a7c202e50e703a2b294a4dcc851625aca9a080c652c670c2bd0a000000ffff"));
        var second = headers.Read(Convert.FromHexString("c2aeafb804989730f200000000ffff"));

        Assert.Equal([("streamtype", "error"), ("content-type", "text/html")], first.Select(pair => (pair.Key, pair.Value)));
        Assert.Equal([("streamtype", "stdin"), ("method", "get")], second.Select(pair => (pair.Key, pair.Value)));
    }

    [Theory]
    [InlineData(new byte[0])]
    [InlineData(new byte[] { 1, 2, 3, 4, 5, 6, 7, 8 })]
    [InlineData(new byte[] { 0x78, 0x9c, 0, 0, 0, 0 })]
    public void What_is_no_header_block_is_refused(byte[] block)
    {
        using var headers = new SpdyHeaders();
        Assert.Throws<InvalidDataException>(() => headers.Read(block));
    }

    [Fact]
    public void More_headers_than_anybody_needs_are_refused()
    {
        using var headers = new SpdyHeaders();
        Assert.Throws<InvalidDataException>(() => headers.Read([.. Header(), .. Stored(Number(1_000_000))]));
    }

    [Fact]
    public void A_block_that_ends_too_soon_is_refused()
    {
        using var headers = new SpdyHeaders();
        Assert.Throws<InvalidDataException>(() => headers.Read([.. Header(), .. Stored([.. Number(1), .. Number(10), 1, 2])]));
    }
}
