namespace EdgeProxy.Scenarios.Tests.Differential;

/// <summary>The odd requests in HTTP/1.1: what request smuggling, desynchronisation and path confusion are made of.</summary>
/// <remarks>What must never be read as a request is one to <c>/smuggled</c>.</remarks>
internal static class OddHttp1Requests
{
    private const string Host = "Host: localhost\r\n";
    private const string Chunked = "Transfer-Encoding: chunked\r\n";
    private const string Smuggled = "GET /smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n";

    public static IReadOnlyList<OddRequest> All { get; } =
    [
        // Nothing odd: these show that what follows is refused for its oddity.
        Passes("plain GET", Get("/odd"), "GET /odd"),
        Passes("plain POST with a length", Post("Content-Length: 5\r\n", "hello"), "POST /odd hello"),
        Passes("plain chunked POST", Post(Chunked, "5\r\nhello\r\n0\r\n\r\n"), "POST /odd hello"),
        Passes("two pipelined", Get("/odd") + Get("/odd/2"), "GET /odd", "GET /odd/2"),
        Passes("a POST and a GET pipelined", Post("Content-Length: 5\r\n", "hello") + Get("/odd/2"), "POST /odd hello", "GET /odd/2"),
        Passes("a chunked POST and a GET pipelined", Post(Chunked, "5\r\nhello\r\n0\r\n\r\n") + Get("/odd/2"), "POST /odd hello", "GET /odd/2"),
        Passes("a request within a body", Post($"Content-Length: {Smuggled.Length}\r\n", Smuggled), $"POST /odd {Smuggled}"),
        Passes("a request within a chunk", Post(Chunked, $"{Smuggled.Length:x}\r\n{Smuggled}\r\n0\r\n\r\n"), $"POST /odd {Smuggled}"),

        // Content-Length and Transfer-Encoding.
        Refused("CL.TE", Post("Content-Length: 6\r\n" + Chunked, "0\r\n\r\nG") + Smuggled),
        Refused("TE.CL", Post(Chunked + "Content-Length: 4\r\n", $"{Smuggled.Length:x}\r\n{Smuggled}\r\n0\r\n\r\n")),
        Refused("CL 0 and TE", Post("Content-Length: 0\r\n" + Chunked, "0\r\n\r\n")),
        Refused("two different lengths", Post("Content-Length: 5\r\nContent-Length: 0\r\n", "hello")),
        Refused("two different lengths, larger last", Post($"Content-Length: 0\r\nContent-Length: {Smuggled.Length}\r\n", Smuggled)),
        Refused("two equal lengths", Post("Content-Length: 5\r\nContent-Length: 5\r\n", "hello")),
        Refused("a list of equal lengths", Post("Content-Length: 5, 5\r\n", "hello")),
        Refused("a list of different lengths", Post("Content-Length: 5, 0\r\n", "hello")),
        Refused("plus before a length", Post("Content-Length: +5\r\n", "hello")),
        Refused("negative length", Post("Content-Length: -1\r\n", "hello")),
        Refused("hexadecimal length", Post("Content-Length: 0x5\r\n", "hello")),
        Refused("length with a fraction", Post("Content-Length: 5.0\r\n", "hello")),
        Refused("length with an exponent", Post("Content-Length: 5e0\r\n", "hello")),
        Refused("length with a space within", Post("Content-Length: 1 0\r\n", "hellohello")),
        Refused("length with a letter behind", Post("Content-Length: 5a\r\n", "hello")),
        Refused("empty length", Post("Content-Length:\r\n", "hello")),
        Refused("length in quotes", Post("Content-Length: \"5\"\r\n", "hello")),
        Refused("length beyond 64 bits", Post("Content-Length: 18446744073709551621\r\n", "hello")),
        Refused("length beyond 63 bits", Post("Content-Length: 9223372036854775808\r\n", "hello")),
        Refused("length beyond the limit", Post("Content-Length: 99999999999\r\n", "hello")),
        Passes("length with leading zeros", Post("Content-Length: 0000000005\r\n", "hello"), "POST /odd hello"),
        Passes("length with white space around", Post("Content-Length: \t 5 \t\r\n", "hello"), "POST /odd hello"),
        Passes("name in lower case", Post("content-length:5\r\n", "hello"), "POST /odd hello"),
        Refused("Content_Length", Post("Content_Length: 5\r\n", "hello")),
        Refused("Content Length", Post("Content Length: 5\r\n", "hello")),
        Refused("ContentLength", Post("ContentLength: 5\r\n", "hello")),
        Refused("space before the colon of a length", Post("Content-Length : 5\r\n", "hello")),
        Refused("tab before the colon of a length", Post("Content-Length\t: 5\r\n", "hello")),
        Refused("NUL behind a length", Post("Content-Length: 5\0\r\n", "hello")),
        Refused("vertical tab before a length", Post("Content-Length:\v5\r\n", "hello")),
        Refused("a control byte before the name of a length", Post("\u0001Content-Length: 5\r\n", "hello")),

        // What a GET or HEAD brings is read and not forwarded, as API Gateway does.
        Passes("GET with a body", $"GET /odd HTTP/1.1\r\n{Host}Content-Length: 5\r\n\r\nhello", "GET /odd"),
        Refused("GET with a chunked body", $"GET /odd HTTP/1.1\r\n{Host}{Chunked}\r\n5\r\nhello\r\n0\r\n\r\n"),
        Refused("a length shorter than the body", Post("Content-Length: 0\r\n", "xGET /smuggled HTTP/1.1"), "POST /odd"),
        Refused("a body that never ends", Post("Content-Length: 50\r\n", Smuggled)),

        // Codings.
        Refused("xchunked", Post("Transfer-Encoding: xchunked\r\n", "0\r\n\r\n")),
        Refused("chunked in quotes", Post("Transfer-Encoding: \"chunked\"\r\n", "0\r\n\r\n")),
        Refused("chunked, identity", Post("Transfer-Encoding: chunked, identity\r\n", "0\r\n\r\n")),
        Refused("identity", Post("Transfer-Encoding: identity\r\n", "hello")),
        Refused("identity with a length", Post("Transfer-Encoding: identity\r\nContent-Length: 5\r\n", "hello")),
        Refused("gzip, chunked", Post("Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n")),
        Refused("chunked, chunked", Post("Transfer-Encoding: chunked, chunked\r\n", "0\r\n\r\n")),
        Refused("chunked twice", Post(Chunked + Chunked, "0\r\n\r\n")),
        Refused("chunked, then identity in a field of its own", Post(Chunked + "Transfer-Encoding: identity\r\n", "0\r\n\r\n")),
        Refused("chunked with a comma before", Post("Transfer-Encoding: ,chunked\r\n", "0\r\n\r\n")),
        Refused("chunked with a parameter", Post("Transfer-Encoding: chunked;q=1\r\n", "0\r\n\r\n")),
        Refused("empty coding", Post("Transfer-Encoding:\r\n", "hello")),
        Refused("empty coding with a length", Post("Transfer-Encoding:\r\nContent-Length: 5\r\n", "hello")),
        Refused("Transfer_Encoding", Post("Transfer_Encoding: chunked\r\n", "0\r\n\r\n")),
        Refused("TransferEncoding", Post("TransferEncoding: chunked\r\n", "0\r\n\r\n")),
        Refused("space before the colon of a coding", Post("Transfer-Encoding : chunked\r\n", "0\r\n\r\n")),
        Refused("folded coding", Post("Transfer-Encoding:\r\n chunked\r\n", "0\r\n\r\n")),
        Refused("coding behind a bare LF", Post("X: y\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n")),
        Refused("coding behind a bare CR", Post("X: y\rTransfer-Encoding: chunked\r\n", "0\r\n\r\n")),
        Refused("coding with a vertical tab", Post("Transfer-Encoding:\vchunked\r\n", "0\r\n\r\n")),
        Refused("coding with NUL", Post("Transfer-Encoding: chunked\0\r\n", "0\r\n\r\n")),
        Refused("coding with a byte beyond ASCII", Post("Transfer-Encoding: \u00a0chunked\r\n", "0\r\n\r\n")),
        Passes("CHUNKED", Post("TRANSFER-ENCODING: CHUNKED\r\n", "5\r\nhello\r\n0\r\n\r\n"), "POST /odd hello"),
        Passes("tab before chunked", Post("Transfer-Encoding:\tchunked\r\n", "5\r\nhello\r\n0\r\n\r\n"), "POST /odd hello"),
        Refused("coding in HTTP/1.0", $"POST /odd HTTP/1.0\r\n{Host}{Chunked}\r\n0\r\n\r\n"),
        Refused("framing hidden by Connection", Post($"Connection: Transfer-Encoding\r\n{Chunked}", "0\r\n\r\n"), "POST /odd"),
        Refused("length hidden by Connection", Post("Connection: Content-Length\r\nContent-Length: 5\r\n", "hello"), "POST /odd hello"),

        // Chunks.
        Refused("chunk size with 0x", Post(Chunked, "0x5\r\nhello\r\n0\r\n\r\n")),
        Refused("chunk size with a plus", Post(Chunked, "+5\r\nhello\r\n0\r\n\r\n")),
        Refused("negative chunk size", Post(Chunked, "-5\r\nhello\r\n0\r\n\r\n")),
        Refused("chunk size beyond 64 bits", Post(Chunked, "10000000000000005\r\nhello\r\n0\r\n\r\n")),
        Refused("chunk size beyond 32 bits", Post(Chunked, "100000005\r\nhello\r\n0\r\n\r\n")),
        Refused("space before a chunk size", Post(Chunked, " 5\r\nhello\r\n0\r\n\r\n")),
        Refused("space behind a chunk size", Post(Chunked, "5 \r\nhello\r\n0\r\n\r\n")),
        Refused("empty chunk size", Post(Chunked, "\r\nhello\r\n0\r\n\r\n")),
        Refused("chunk size with a letter behind", Post(Chunked, "5g\r\nhello\r\n0\r\n\r\n")),
        Refused("bare LF behind a chunk size", Post(Chunked, "5\nhello\r\n0\r\n\r\n")),
        Refused("bare CR behind a chunk size", Post(Chunked, "5\rhello\r\n0\r\n\r\n")),
        Refused("bare LF behind a chunk", Post(Chunked, "5\r\nhello\n0\r\n\r\n")),
        Refused("no line end behind a chunk", Post(Chunked, "5\r\nhello0\r\n\r\n")),
        Refused("a chunk longer than its size", Post(Chunked, "3\r\nhello\r\n0\r\n\r\n")),
        Refused("bare LF in a chunk extension", Post(Chunked, "5;a\nb\r\nhello\r\n0\r\n\r\n")),
        Refused("bare CR in a chunk extension", Post(Chunked, "5;a\rb\r\nhello\r\n0\r\n\r\n")),
        Refused("NUL in a chunk extension", Post(Chunked, "5;a\0b\r\nhello\r\n0\r\n\r\n")),
        Refused("bare LF at the end of a chunked body", Post(Chunked, "5\r\nhello\r\n0\n\n") + Smuggled),
        Refused("long chunk extension", Post(Chunked, $"5;{new string('x', 4000)}\r\nhello\r\n0\r\n\r\n")),
        Passes("chunk extension", Post(Chunked, "5;a=b;c=\"d\"\r\nhello\r\n0\r\n\r\n"), "POST /odd hello"),
        Passes("request in a chunk extension", Post(Chunked, "5;GET /smuggled HTTP/1.1\r\nhello\r\n0\r\n\r\n"), "POST /odd hello"),
        Passes("leading zeros in a chunk size", Post(Chunked, "0000000000005\r\nhello\r\n000\r\n\r\n"), "POST /odd hello"),
        Passes("capital chunk size", Post(Chunked, "A\r\nhellohello\r\n0\r\n\r\n"), "POST /odd hellohello"),
        Passes("trailers that frame", Post(Chunked, "5\r\nhello\r\n0\r\nContent-Length: 0\r\nTransfer-Encoding: identity\r\nHost: evil\r\n\r\n"), "POST /odd hello"),
        Passes("a trailer that looks like a request", Post(Chunked, "5\r\nhello\r\n0\r\nGET: /smuggled HTTP/1.1\r\n\r\n"), "POST /odd hello"),
        Refused("a trailer without a colon", Post(Chunked, "5\r\nhello\r\n0\r\nGET /smuggled HTTP/1.1\r\n\r\n")),
        Refused("a folded trailer", Post(Chunked, "5\r\nhello\r\n0\r\nA: b\r\n c\r\n\r\n")),
        Refused("a last chunk without its end", Post(Chunked, "5\r\nhello\r\n0\r\n")),

        // Lines and fields.
        Refused("bare LF line ends", "GET /odd HTTP/1.1\nHost: localhost\n\n"),
        Refused("bare LF behind the request line", "GET /odd HTTP/1.1\nHost: localhost\r\n\r\n"),
        Refused("bare LF before the empty line", $"GET /odd HTTP/1.1\r\n{Host}\n" + Smuggled),
        Refused("bare CR in a value", $"GET /odd HTTP/1.1\r\n{Host}X: a\rb\r\n\r\n"),
        Refused("request behind a bare CR", $"GET /odd HTTP/1.1\r\n{Host}X: a\r\rGET /smuggled HTTP/1.1\r\n\r\n"),
        Refused("NUL in a value", $"GET /odd HTTP/1.1\r\n{Host}X: a\0b\r\n\r\n"),
        Refused("NUL in a name", $"GET /odd HTTP/1.1\r\n{Host}X\0: a\r\n\r\n"),
        Refused("escape byte in a value", $"GET /odd HTTP/1.1\r\n{Host}X: a\u001bb\r\n\r\n"),
        Refused("delete byte in a value", $"GET /odd HTTP/1.1\r\n{Host}X: a\u007fb\r\n\r\n"),
        Refused("folded value", $"GET /odd HTTP/1.1\r\n{Host}X: a\r\n b\r\n\r\n"),
        Refused("folded value by a tab", $"GET /odd HTTP/1.1\r\n{Host}X: a\r\n\tb\r\n\r\n"),
        Refused("white space before the first field", $"GET /odd HTTP/1.1\r\n {Host}\r\n"),
        Refused("a line without a colon", $"GET /odd HTTP/1.1\r\n{Host}nonsense\r\n\r\n"),
        Refused("a line that starts with a colon", $"GET /odd HTTP/1.1\r\n{Host}: a\r\n\r\n"),
        Refused("space before a colon", $"GET /odd HTTP/1.1\r\n{Host}X : a\r\n\r\n"),
        Refused("space within a name", $"GET /odd HTTP/1.1\r\n{Host}X Y: a\r\n\r\n"),
        Refused("byte beyond ASCII in a name", $"GET /odd HTTP/1.1\r\n{Host}X\u00e9: a\r\n\r\n"),
        Passes("bytes beyond ASCII in a value", $"GET /odd HTTP/1.1\r\n{Host}X: \u00e9\u00ff\r\n\r\n", "GET /odd"),
        Passes("empty value", $"GET /odd HTTP/1.1\r\n{Host}X:\r\n\r\n", "GET /odd"),
        Passes("an empty line before the request", "\r\n" + Get("/odd"), "GET /odd"),
        Refused("two empty lines before the request", "\r\n\r\n" + Get("/odd")),
        Refused("a bare LF before the request", "\n" + Get("/odd")),
        Refused("a head without its end", "GET /odd HTTP/1.1\r\nHost: localhost\r\nX: a"),
        Refused("too many fields", $"GET /odd HTTP/1.1\r\n{Host}{string.Concat(Enumerable.Range(0, 200).Select(i => $"X-{i}: y\r\n"))}\r\n"),
        Refused("a very long field", $"GET /odd HTTP/1.1\r\n{Host}X: {new string('a', 100_000)}\r\n\r\n"),

        // Host.
        Refused("no Host", "GET /odd HTTP/1.1\r\n\r\n"),
        Refused("two Hosts", "GET /odd HTTP/1.1\r\nHost: localhost\r\nHost: evil\r\n\r\n"),
        Refused("two equal Hosts", "GET /odd HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n"),
        Refused("Host with user information", "GET /odd HTTP/1.1\r\nHost: evil@localhost\r\n\r\n"),
        Refused("Host with a path", "GET /odd HTTP/1.1\r\nHost: localhost/evil\r\n\r\n"),
        Refused("Host with a space", "GET /odd HTTP/1.1\r\nHost: localhost evil\r\n\r\n"),
        Refused("Host with a comma", "GET /odd HTTP/1.1\r\nHost: localhost, evil\r\n\r\n"),
        Refused("Host with a bad port", "GET /odd HTTP/1.1\r\nHost: localhost:80a\r\n\r\n"),
        Refused("space before the colon of Host", "GET /odd HTTP/1.1\r\nHost : localhost\r\n\r\n"),
        Passes("absolute form", "GET http://localhost/odd HTTP/1.1\r\nHost: localhost\r\n\r\n", "GET /odd"),
        Refused("absolute form against Host", "GET http://evil/odd HTTP/1.1\r\nHost: localhost\r\n\r\n"),
        Refused("absolute form with user information", "GET http://a@localhost/odd HTTP/1.1\r\nHost: localhost\r\n\r\n"),
        Refused("absolute form of another scheme", "GET ftp://localhost/odd HTTP/1.1\r\nHost: localhost\r\n\r\n"),
        Refused("asterisk", "GET * HTTP/1.1\r\nHost: localhost\r\n\r\n"),
        Refused("CONNECT", "CONNECT localhost:80 HTTP/1.1\r\nHost: localhost:80\r\n\r\n" + Smuggled),

        // The request line.
        Refused("HTTP/0.9", "GET /odd\r\n"),
        Refused("HTTP/0.9 in words", "GET /odd HTTP/0.9\r\n\r\n"),
        Refused("HTTP/1.2", $"GET /odd HTTP/1.2\r\n{Host}\r\n"),
        Refused("HTTP/2.0", $"GET /odd HTTP/2.0\r\n{Host}\r\n"),
        Refused("HTTP/1.10", $"GET /odd HTTP/1.10\r\n{Host}\r\n"),
        Refused("http/1.1", $"GET /odd http/1.1\r\n{Host}\r\n"),
        Refused("two spaces behind the method", $"GET  /odd HTTP/1.1\r\n{Host}\r\n"),
        Refused("two spaces before the version", $"GET /odd  HTTP/1.1\r\n{Host}\r\n"),
        Refused("a tab behind the method", $"GET\t/odd HTTP/1.1\r\n{Host}\r\n"),
        Refused("a space behind the version", $"GET /odd HTTP/1.1 \r\n{Host}\r\n"),
        Refused("a space before the method", $" GET /odd HTTP/1.1\r\n{Host}\r\n"),
        Refused("a space in the target", $"GET /odd /smuggled HTTP/1.1\r\n{Host}\r\n"),
        Refused("a version within the target", $"GET /odd HTTP/1.1 /smuggled HTTP/1.1\r\n{Host}\r\n"),
        Refused("a bare CR in the request line", $"GET /odd\rHTTP/1.1\r\n{Host}\r\n"),
        Refused("NUL in the target", $"GET /odd\0/x HTTP/1.1\r\n{Host}\r\n"),
        Refused("bytes beyond ASCII in the target", $"GET /odd/\u00e9 HTTP/1.1\r\n{Host}\r\n"),
        Refused("a method that is no token", $"G(T /odd HTTP/1.1\r\n{Host}\r\n"),
        Refused("no target", $"GET HTTP/1.1\r\n{Host}\r\n"),
        Refused("a very long target", $"GET /odd/{new string('a', 20_000)} HTTP/1.1\r\n{Host}\r\n"),
        Refused("method in lower case", $"get /odd HTTP/1.1\r\n{Host}\r\n"),

        // Paths: the origin must not be led elsewhere than the gateway routed.
        Refused("dot segments", Get("/odd/../smuggled")),
        Refused("dot segments at the end", Get("/odd/..")),
        Refused("coded dot segments", Get("/odd/%2e%2e/smuggled")),
        Refused("half-coded dot segments", Get("/odd/.%2E/smuggled")),
        Refused("dot segments beside a coded slash", Get("/odd/..%2fsmuggled")),
        Refused("dot segments by backslash", Get("/odd\\..\\smuggled")),
        Refused("dot segments by coded backslash", Get("/odd%5c..%5csmuggled")),
        Refused("overlong dots", Get("/odd/%c0%ae%c0%ae/smuggled")),
        Refused("overlong slash", Get("/odd/..%c0%afsmuggled")),
        Refused("coded NUL", Get("/odd/x%00.json")),
        Refused("bad percent", Get("/odd/%zz")),
        Refused("cut percent", Get("/odd/%2")),
        Refused("number sign", Get("/odd/x#/smuggled")),
        Passes("twice coded dots", Get("/odd/%252e%252e/x"), "GET /odd/%252e%252e/x"),
        Passes("coded slash", Get("/odd/a%2fb"), "GET /odd/a%2Fb"),
        Passes("coded line end in the path", Get("/odd/a%0d%0aX:%20y"), "GET /odd/a%0D%0AX:%20y"),
        Passes("coded line end in the query", Get("/odd?a=%0d%0aX:%20y"), "GET /odd?a=%0d%0aX:%20y"),
        Passes("coded question mark", Get("/odd/a%3fb"), "GET /odd/a%3Fb"),
        Passes("coded number sign", Get("/odd/a%23b"), "GET /odd/a%23b"),
        Passes("empty segments", Get("/odd//x"), "GET /odd//x"),
        Passes("semicolon", Get("/odd/x;y=z"), "GET /odd/x;y=z"),

        // What would turn the connection into something else.
        Passes("Upgrade: h2c", $"GET /odd HTTP/1.1\r\n{Host}Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\n\r\n", "GET /odd"),
        Passes("Upgrade: h2c with a request behind", $"GET /odd HTTP/1.1\r\n{Host}Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n\r\n" + Get("/odd/2"), "GET /odd", "GET /odd/2"),
        Passes("Upgrade: websocket to no socket", $"GET /odd HTTP/1.1\r\n{Host}Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 12\r\nSec-WebSocket-Key: x\r\n\r\n", "GET /odd"),
        Passes("Expect with the body at once", Post("Content-Length: 5\r\nExpect: 100-continue\r\n", "hello"), "POST /odd hello"),
        Refused("Expect of something else", Post("Content-Length: 5\r\nExpect: 200-ok\r\n", "hello")),
        Passes("Expect without a body and a request behind", $"GET /odd HTTP/1.1\r\n{Host}Expect: 100-continue\r\n\r\n" + Get("/odd/2"), "GET /odd", "GET /odd/2"),
        Passes("Connection names a field", $"GET /odd HTTP/1.1\r\n{Host}Connection: X-Secret, close\r\nX-Secret: y\r\n\r\n", "GET /odd"),
        Passes("Connection: close with a request behind", $"GET /odd HTTP/1.1\r\n{Host}Connection: close\r\n\r\n" + Smuggled, "GET /odd"),
        Passes("HEAD with a length and a request behind", $"HEAD /odd HTTP/1.1\r\n{Host}Content-Length: 5\r\n\r\nhello" + Get("/odd/2"), "HEAD /odd", "GET /odd/2"),
        Passes("HTTP/1.0 with a request behind", "GET /odd HTTP/1.0\r\n\r\n" + Smuggled, "GET /odd"),
    ];

    private static string Get(string target) => $"GET {target} HTTP/1.1\r\n{Host}\r\n";

    private static string Post(string fields, string body) => $"POST /odd HTTP/1.1\r\n{Host}{fields}\r\n{body}";

    private static OddRequest Passes(string name, string bytes, params string[] forwarded) => new(name, bytes, [.. forwarded.Select(Parse)]);

    /// <summary>Refused where it is odd; what came before that may have been forwarded.</summary>
    private static OddRequest Refused(string name, string bytes, params string[] before) => new(name, bytes, [.. before.Select(Parse)]);

    private static ReadRequest Parse(string text)
    {
        string[] words = text.Split(' ', 3);
        return new ReadRequest(words[0], words[1], words.Length == 3 ? words[2] : "");
    }
}
