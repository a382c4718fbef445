using System.Text;
using EdgeProxy.Scenarios.Tests.Harness;

namespace EdgeProxy.Scenarios.Tests.Differential;

/// <summary>The odd requests in HTTP/2, which travel on in HTTP/1.1: what HTTP/2 can carry and HTTP/1.1 reads as something else.</summary>
/// <remarks>
/// Their bytes are the frames after the client's SETTINGS. Requests go on streams 1, 3 and so on. What must never be read as a request
/// is one to <c>/smuggled</c>.
/// </remarks>
internal static class OddHttp2Requests
{
    private const string Smuggled = "GET /smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n";

    public static IReadOnlyList<OddRequest> All { get; } =
    [
        // Nothing odd.
        Passes("plain GET", Get(), "GET /odd"),
        Passes("plain POST", Post([], "hello"), "POST /odd hello"),
        Passes("POST with a length", Post([("content-length", "5")], "hello"), "POST /odd hello"),
        Passes("two streams", Text(Request(1, true, "GET", "/odd"), Request(3, true, "GET", "/odd")), "GET /odd", "GET /odd"),
        Passes("a request within a body", Post([], Smuggled), $"POST /odd {Smuggled}"),
        Passes("an end of chunks and a request within a body", Post([], "0\r\n\r\n" + Smuggled), $"POST /odd 0\r\n\r\n{Smuggled}"),
        Passes("POST without a body", Text(Request(1, true, "POST", "/odd")), "POST /odd"),

        // H2.CL: the length is not what DATA comes to.
        Refused("length 0 with data", Post([("content-length", "0")], Smuggled)),
        Refused("length below the data", Post([("content-length", "3")], "hello")),
        Refused("length beyond the data", Post([("content-length", "50")], "hello")),
        Refused("length without data", Text(Request(1, true, "POST", "/odd", ("content-length", "5")))),
        Refused("two different lengths", Post([("content-length", "5"), ("content-length", "0")], "hello")),
        Refused("two equal lengths", Post([("content-length", "5"), ("content-length", "5")], "hello")),
        Refused("a list of lengths", Post([("content-length", "5, 5")], "hello")),
        Refused("plus before a length", Post([("content-length", "+5")], "hello")),
        Refused("negative length", Post([("content-length", "-1")], "hello")),
        Refused("empty length", Post([("content-length", "")], "hello")),
        Refused("hexadecimal length", Post([("content-length", "0x5")], "hello")),
        Refused("length beyond 64 bits", Post([("content-length", "18446744073709551621")], "hello")),
        Refused("length with a line end", Post([("content-length", "5\r\nTransfer-Encoding: chunked")], "hello")),
        Refused("content_length", Post([("content_length", "0")], "hello")),

        // H2.TE and other fields of an HTTP/1.1 connection.
        Refused("transfer-encoding: chunked", Post([("transfer-encoding", "chunked")], "0\r\n\r\n" + Smuggled)),
        Refused("transfer-encoding: identity", Post([("transfer-encoding", "identity")], "hello")),
        Refused("empty transfer-encoding", Post([("transfer-encoding", "")], "hello")),
        Refused("transfer_encoding", Post([("transfer_encoding", "chunked")], "0\r\n\r\n" + Smuggled)),
        Refused("transfer-encoding with a length", Post([("transfer-encoding", "chunked"), ("content-length", "5")], "hello")),
        Refused("transfer-encoding with a space behind", Post([("transfer-encoding ", "chunked")], "0\r\n\r\n" + Smuggled)),
        Refused("connection: close", Get(("connection", "close"))),
        Refused("connection: transfer-encoding", Get(("connection", "transfer-encoding"))),
        Refused("keep-alive", Get(("keep-alive", "timeout=5"))),
        Refused("proxy-connection", Get(("proxy-connection", "keep-alive"))),
        Refused("upgrade: h2c", Get(("upgrade", "h2c"))),
        Refused("te: gzip", Get(("te", "gzip"))),
        Refused("te: trailers, chunked", Get(("te", "trailers, chunked"))),
        Passes("te: trailers", Get(("te", "trailers")), "GET /odd"),
        Passes("http2-settings", Get(("http2-settings", "AAMAAABk")), "GET /odd"),

        // Bytes that HTTP/1.1 parts lines at.
        Refused("CRLF in a value", Get(("x", "a\r\nY: b"))),
        Refused("a request behind CRLF in a value", Get(("x", "a\r\n\r\n" + Smuggled))),
        Refused("LF in a value", Get(("x", "a\nY: b"))),
        Refused("CR in a value", Get(("x", "a\rb"))),
        Refused("NUL in a value", Get(("x", "a\0b"))),
        Refused("delete byte in a value", Get(("x", "a\u007fb"))),
        Refused("space before a value", Get(("x", " a"))),
        Refused("space behind a value", Get(("x", "a "))),
        Refused("tab before a value", Get(("x", "\ta"))),
        Refused("CRLF in a name", Get(("x\r\ny", "a"))),
        Refused("a request in a name", Get(("x: y\r\n\r\nGET /smuggled HTTP/1.1\r\nhost: localhost\r\n\r\nx", "a"))),
        Refused("colon in a name", Get(("x:y", "a"))),
        Refused("transfer-encoding in a name", Post([("transfer-encoding:chunked", "a")], "0\r\n\r\n" + Smuggled)),
        Refused("space in a name", Get(("x y", "a"))),
        Refused("NUL in a name", Get(("x\0", "a"))),
        Refused("upper case in a name", Get(("X", "a"))),
        Refused("Transfer-Encoding in upper case", Post([("Transfer-Encoding", "chunked")], "0\r\n\r\n" + Smuggled)),
        Refused("Content-Length in upper case", Post([("Content-Length", "0")], Smuggled)),
        Refused("empty name", Get(("", "a"))),
        Refused("byte beyond ASCII in a name", Get(("x\u00e9", "a"))),
        Passes("bytes beyond ASCII in a value", Get(("x", "\u00e9\u00ff")), "GET /odd"),
        Passes("empty value", Get(("x", "")), "GET /odd"),

        // :path.
        Refused("space in :path", Path("/odd /smuggled")),
        Refused("a version in :path", Path("/odd HTTP/1.1")),
        Refused("a request in :path", Path($"/odd HTTP/1.1\r\nHost: localhost\r\n\r\n{Smuggled}")),
        Refused("CRLF in :path", Path("/odd\r\nX: y")),
        Refused("LF in :path", Path("/odd\nX: y")),
        Refused("NUL in :path", Path("/odd\0")),
        Refused("tab in :path", Path("/odd\tx")),
        Refused("number sign in :path", Path("/odd#/smuggled")),
        Refused("backslash in :path", Path("/odd\\..\\smuggled")),
        Refused("bytes beyond ASCII in :path", Path("/odd/\u00e9")),
        Refused("empty :path", Path("")),
        Refused(":path without a slash", Path("odd")),
        Refused("absolute :path", Path("http://evil/odd")),
        Refused("absolute :path of the same host", Path("http://localhost/odd")),
        Refused("asterisk for GET", Path("*")),
        Refused("dot segments in :path", Path("/odd/../smuggled")),
        Refused("coded dot segments in :path", Path("/odd/%2e%2e/smuggled")),
        Refused("coded NUL in :path", Path("/odd%00")),
        Refused("bad percent in :path", Path("/odd/%zz")),
        Refused("a very long :path", Path("/odd/" + new string('a', 12_000))),
        Passes("coded line end in the query", Path("/odd?a=%0d%0aX:%20y"), "GET /odd?a=%0d%0aX:%20y"),
        Passes("empty segments", Path("/odd//x"), "GET /odd//x"),

        // :method, :scheme, :authority.
        Refused("space in :method", Method("GET /smuggled HTTP/1.1")),
        Refused("a request in :method", Method(Smuggled + "GET")),
        Refused("empty :method", Method("")),
        Refused("CONNECT", Method("CONNECT")),
        Refused("CONNECT as it should be", Text(Frames(1, true, (":method", "CONNECT"), (":authority", "localhost:80")))),
        Refused("CRLF in :scheme", Scheme("http\r\nX: y")),
        Refused("an address in :scheme", Scheme("http://evil/?")),
        Refused("empty :scheme", Scheme("")),
        Refused("another :scheme", Scheme("ftp")),
        Refused("space in :authority", Authority("localhost evil")),
        Refused("CRLF in :authority", Authority("localhost\r\nX: y")),
        Refused("a path in :authority", Authority("localhost/evil")),
        Refused("user information in :authority", Authority("evil@localhost")),
        Refused("a bad port in :authority", Authority("localhost:80a")),
        Refused("two hosts in :authority", Authority("localhost,evil")),
        Refused("empty :authority", Authority("")),
        Refused(":authority against host", Get(("host", "evil"))),
        Refused("two hosts", Text(Frames(1, true, (":method", "GET"), (":scheme", "http"), (":path", "/odd"), ("host", "localhost"), ("host", "localhost")))),
        Refused("neither :authority nor host", Text(Frames(1, true, (":method", "GET"), (":scheme", "http"), (":path", "/odd")))),
        Passes(":authority and the same host", Get(("host", "localhost")), "GET /odd"),
        Passes("host without :authority", Text(Frames(1, true, (":method", "GET"), (":scheme", "http"), (":path", "/odd"), ("host", "localhost"))), "GET /odd"),

        // The order and number of pseudo-headers.
        Refused("no :method", Text(Frames(1, true, (":scheme", "http"), (":authority", "localhost"), (":path", "/odd")))),
        Refused("no :scheme", Text(Frames(1, true, (":method", "GET"), (":authority", "localhost"), (":path", "/odd")))),
        Refused("no :path", Text(Frames(1, true, (":method", "GET"), (":scheme", "http"), (":authority", "localhost")))),
        Refused("two :method", Get2((":method", "POST"))),
        Refused("two :path", Get2((":path", "/smuggled"))),
        Refused("two :authority", Get2((":authority", "evil"))),
        Refused("an unknown pseudo-header", Get2((":foo", "a"))),
        Refused(":status in a request", Get2((":status", "200"))),
        Refused(":protocol", Get2((":protocol", "websocket"))),
        Refused("a pseudo-header behind a field", Text(Frames(1, true, (":method", "GET"), (":scheme", "http"), (":authority", "localhost"), ("x", "y"), (":path", "/odd")))),
        Refused("a pseudo-header with CRLF in its name", Get2((":x\r\ny", "a"))),

        // Bodies and trailers.
        Passes("cookies in crumbs", Get(("cookie", "a=b"), ("cookie", "c=d")), "GET /odd"),
        Passes("GET with data and a length", Text(Request(1, false, "GET", "/odd", ("content-length", "5")), Http2Wire.DataOf(1, true, "hello")), "GET /odd"),
        Refused("GET with data and no length", Text(Request(1, false, "GET", "/odd"), Http2Wire.DataOf(1, true, "hello"))), // as chunked would be
        Passes("trailers that frame", Text(Request(1, false, "POST", "/odd"), Http2Wire.DataOf(1, false, "hello"), Frames(1, true, ("x-sum", "1"))), "POST /odd hello"),
        Refused("trailers with a pseudo-header", Text(Request(1, false, "POST", "/odd"), Http2Wire.DataOf(1, false, "hello"), Frames(1, true, (":path", "/smuggled")))),
        Refused("trailers with CRLF", Text(Request(1, false, "POST", "/odd"), Http2Wire.DataOf(1, false, "hello"), Frames(1, true, ("x", $"a\r\n\r\n{Smuggled}")))),
        Refused("trailers with transfer-encoding", Text(Request(1, false, "POST", "/odd"), Http2Wire.DataOf(1, false, "hello"), Frames(1, true, ("transfer-encoding", "chunked")))),
        Refused("trailers in the middle", Text(Request(1, false, "POST", "/odd"), Http2Wire.DataOf(1, false, "hello"), Frames(1, false, ("x", "y")))),
        Refused("expect of something else", Post([("expect", "200-ok")], "hello")),
        Passes("expect: 100-continue", Post([("expect", "100-continue"), ("content-length", "5")], "hello"), "POST /odd hello"),
        Refused("too many fields", Get([.. Enumerable.Range(0, 200).Select(i => ($"x-{i}", "y"))])),
        Refused("a very long field", Get(("x", new string('a', 16_000)))),
        Refused("a cut body", Text(Request(1, false, "POST", "/odd"), Http2Wire.DataOf(1, false, Smuggled), Http2Wire.ResetOf(1, 8))),
    ];

    private static string Get(params (string, string)[] fields) => Text(Request(1, true, "GET", "/odd", fields));

    /// <summary>With more among the pseudo-headers.</summary>
    private static string Get2((string, string) pseudo) =>
        Text(Frames(1, true, (":method", "GET"), (":scheme", "http"), (":authority", "localhost"), (":path", "/odd"), pseudo));

    private static string Post((string, string)[] fields, string body) => Text(Request(1, false, "POST", "/odd", fields), Http2Wire.DataOf(1, true, body));

    private static string Path(string path) => Text(Request(1, true, "GET", path));

    private static string Method(string method) => Text(Request(1, true, method, "/odd"));

    private static string Scheme(string scheme) => Text(Frames(1, true, (":method", "GET"), (":scheme", scheme), (":authority", "localhost"), (":path", "/odd")));

    private static string Authority(string authority) => Text(Frames(1, true, (":method", "GET"), (":scheme", "http"), (":authority", authority), (":path", "/odd")));

    private static byte[] Request(int stream, bool end, string method, string path, params (string, string)[] fields) =>
        Http2Wire.HeadersOf(stream, end, Http2Wire.RequestOf(method, path, fields));

    private static byte[] Frames(int stream, bool end, params (string, string)[] fields) => Http2Wire.HeadersOf(stream, end, fields);

    private static string Text(params byte[][] frames) => string.Concat(frames.Select(Encoding.Latin1.GetString));

    private static OddRequest Passes(string name, string bytes, params string[] forwarded) => new(name, bytes, [.. forwarded.Select(Parse)]);

    private static OddRequest Refused(string name, string bytes) => new(name, bytes, []);

    private static ReadRequest Parse(string text)
    {
        string[] words = text.Split(' ', 3);
        return new ReadRequest(words[0], words[1], words.Length == 3 ? words[2] : "");
    }
}
