using BenchmarkDotNet.Attributes;
using EdgeProxy.Http.Http1;
using EdgeProxy.Http.Messages;

namespace EdgeProxy.Benchmarks.Http;

/// <summary>What reading a head costs; the budget of each is 0 bytes.</summary>
[MemoryDiagnoser]
public class HeadParserBenchmarks
{
    private static readonly byte[] Short = "GET /pets/1 HTTP/1.1\r\nHost: 127.0.0.1:8080\r\n\r\n"u8.ToArray();

    private static readonly byte[] Browser =
    [
        .. "GET /api/v1/pets?limit=20&offset=40 HTTP/1.1\r\n"u8,
        .. "Host: api.example.com\r\n"u8,
        .. "Connection: keep-alive\r\n"u8,
        .. "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36\r\n"u8,
        .. "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8\r\n"u8,
        .. "Accept-Encoding: gzip, deflate, br, zstd\r\n"u8,
        .. "Accept-Language: en-US,en;q=0.9,de;q=0.8\r\n"u8,
        .. "Referer: https://www.example.com/pets/overview\r\n"u8,
        .. "Cookie: session=8f14e45fceea167a5a36dedd4bea2543; theme=dark; consent=1\r\n"u8,
        .. "Sec-Fetch-Mode: cors\r\n"u8,
        .. "Authorization: Bearer eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U\r\n"u8,
        .. "\r\n"u8,
    ];

    private static readonly byte[] Response =
    [
        .. "HTTP/1.1 200 OK\r\n"u8,
        .. "Server: nginx/1.26.0\r\n"u8,
        .. "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n"u8,
        .. "Content-Type: application/json\r\n"u8,
        .. "Content-Length: 1024\r\n"u8,
        .. "Connection: keep-alive\r\n"u8,
        .. "ETag: \"33a64df551425fcc55e4d42a148795d9\"\r\n"u8,
        .. "\r\n"u8,
    ];

    private static readonly HeadLimits Limits = new();

    private readonly RequestHead _request = new();
    private readonly ResponseHead _response = new();

    [Benchmark]
    public int Parse_short_head() => Http1RequestParser.Parse(Short, Limits, default, _request).Consumed;

    [Benchmark]
    public int Parse_browser_head() => Http1RequestParser.Parse(Browser, Limits, default, _request).Consumed;

    [Benchmark]
    public int Parse_response_head() => Http1ResponseParser.Parse(Response, Limits, HttpMethod.Get, _response).Consumed;
}
