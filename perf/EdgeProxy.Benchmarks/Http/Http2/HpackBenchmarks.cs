using BenchmarkDotNet.Attributes;
using EdgeProxy.Core.Buffers;
using EdgeProxy.Http.Http2.Hpack;
using EdgeProxy.Http.Messages;

namespace EdgeProxy.Benchmarks.Http.Http2;

/// <summary>What compressing and decompressing a head costs; the budget of each is 0 bytes.</summary>
[MemoryDiagnoser]
public class HpackBenchmarks
{
    private static readonly HpackLimits Limits = new(16384, 100);

    private readonly byte[] _room = new byte[4096];
    private readonly HeaderTable _response = new();
    private readonly HeaderTable _request = new();
    private readonly HeaderTable _sink = new();
    private readonly HpackEncoder _encoder = new();
    private readonly HpackEncoder _requestEncoder = new();
    private readonly HpackDecoder _decoder = new();
    private readonly byte[] _repeated = [];
    private readonly byte[] _literal;
    private readonly byte[] _requestId = "c6af9ac6-7b61-11e6-9a41-93e8deadbeef"u8.ToArray();
    private uint _counter;

    public HpackBenchmarks()
    {
        _response.Add("Content-Type"u8, "application/json"u8);
        _response.Add("Content-Length"u8, "1024"u8);
        _response.Add("Date"u8, "Sun, 06 Nov 1994 08:49:37 GMT"u8);
        _response.Add("Server"u8, "backend/1.0"u8);
        _response.Add("Cache-Control"u8, "no-cache"u8);
        _response.Add("Vary"u8, "accept-encoding"u8);
        _response.Add("X-Custom-Field"u8, "some value"u8);
        _response.Add("ETag"u8, "\"33a64df551425fcc\""u8);

        _request.Add("User-Agent"u8, "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36"u8);
        _request.Add("Accept"u8, "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"u8);
        _request.Add("Accept-Encoding"u8, "gzip, deflate, br, zstd"u8);
        _request.Add("Accept-Language"u8, "en-GB,en;q=0.9"u8);
        _request.Add("Sec-Fetch-Mode"u8, "navigate"u8);
        _request.Add("Referer"u8, "https://www.example.com/some/where"u8);
        _request.Add("Priority"u8, "u=0, i"u8);

        for (int i = 0; i < 3; i++)
        {
            Encode_repeated_response_head();
            _repeated = EncodeRequest(_requestEncoder);
            _sink.Clear();
            _decoder.Decode(_repeated, FieldBlockKind.Request, Limits, _sink, out _);
        }

        // No table: every name and value is spelt out, with Huffman coding.
        var untabled = new HpackEncoder();
        untabled.SetTableLimit(0);
        _literal = EncodeRequest(untabled);
        _literal = EncodeRequest(untabled);
    }

    /// <summary>Eight fields that the client has seen before, and the status.</summary>
    [Benchmark]
    public int Encode_repeated_response_head()
    {
        var writer = new ByteWriter(_room);
        _encoder.BeginBlock(ref writer);
        _encoder.WriteStatus(ref writer, 200);
        _encoder.WriteFields(ref writer, _response);
        return writer.Length;
    }

    /// <summary>The same, and a request id that differs each time.</summary>
    [Benchmark]
    public int Encode_response_head_with_a_new_id()
    {
        _counter++;
        for (int i = 0; i < 8; i++) _requestId[i] = (byte)('a' + ((_counter >> (4 * i)) & 15));
        var writer = new ByteWriter(_room);
        _encoder.BeginBlock(ref writer);
        _encoder.WriteStatus(ref writer, 200);
        _encoder.TryWriteField(ref writer, KnownHeader.XAmznRequestId, default, _requestId);
        _encoder.WriteFields(ref writer, _response);
        return writer.Length;
    }

    /// <summary>A browser's request whose fields are all in the table.</summary>
    [Benchmark]
    public int Decode_repeated_request_head()
    {
        _sink.Clear();
        _decoder.Decode(_repeated, FieldBlockKind.Request, Limits, _sink, out _);
        return _sink.Count;
    }

    /// <summary>The same request from a client that uses no table.</summary>
    [Benchmark]
    public int Decode_literal_request_head()
    {
        _sink.Clear();
        _decoder.Decode(_literal, FieldBlockKind.Request, Limits, _sink, out _);
        return _sink.Count;
    }

    private byte[] EncodeRequest(HpackEncoder encoder)
    {
        var writer = new ByteWriter(_room);
        encoder.BeginBlock(ref writer);
        encoder.TryWritePseudo(ref writer, PseudoHeader.Method, "GET"u8);
        encoder.TryWritePseudo(ref writer, PseudoHeader.Scheme, "https"u8);
        encoder.TryWritePseudo(ref writer, PseudoHeader.Path, "/pets/1"u8);
        encoder.TryWritePseudo(ref writer, PseudoHeader.Authority, "api.example.com"u8);
        encoder.WriteFields(ref writer, _request);
        return writer.Written.ToArray();
    }
}
