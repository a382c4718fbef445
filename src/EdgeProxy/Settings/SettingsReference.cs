using EdgeProxy.Transport.Tls;

namespace EdgeProxy.Settings;

/// <summary>Every setting there is. Reading, defaults, suggestions for misspelt names and the reference in README.md all come from here.</summary>
internal static class SettingsReference
{
    /// <summary>What the parser can hold at most, whatever is configured.</summary>
    public const long HeaderBytesHardCap = 32 * 1024;

    private const long Millisecond = 1_000_000;
    private const long Second = 1000 * Millisecond;
    private const long Hour = 3600 * Second;

    private static readonly string[] s_policies = [.. TlsPolicy.All.Select(policy => policy.Name)];

    /// <summary>All rows, in the order of the reference.</summary>
    public static IReadOnlyList<Setting> All { get; } =
    [
        new("listeners[].url", SettingKind.Url, null, "Where the deployed APIs are served. Port 0 takes any free port.") { IsRequired = true, DefaultNote = "one listener at `http://0.0.0.0:8080`", NeedsRestart = true },
        new("listeners[].name", SettingKind.Name, null, "Its name in logs and metrics, and the name by which systemd hands over its socket.") { DefaultNote = "`data`, then `data-2`, ...", NeedsRestart = true },
        new("listeners[].http2", SettingKind.Boolean, "true", "Whether HTTP/2 is spoken: over TLS as the client chooses (ALPN), in plain text with clients that begin with it.") { NeedsRestart = true },
        new("listeners[].proxyProtocol", SettingKind.Boolean, "false", "Whether each connection starts with a PROXY protocol header (v1 or v2). Connections without one are closed.") { NeedsRestart = true },

        new("admin.url", SettingKind.Url, "http://127.0.0.1:9080", "Where metrics and health are served; `off` for not at all.") { Word = "off", NeedsRestart = true },
        new("admin.metricsAllow", SettingKind.Cidrs, "127.0.0.0/8, ::1, 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, fc00::/7", "Who may read metrics and health when the admin listener is not on loopback."),
        new("admin.hosts", SettingKind.Texts, null, "Names by which the admin listener answers on loopback beside addresses and `localhost`, to requests without a signature.") { DefaultNote = "none" },
        new("admin.credentials[].accessKeyId", SettingKind.Text, null, "A key that requests to the admin listener are signed with (Signature Version 4, as AWS tools do). With any, all but metrics and health needs a signature; without, it stays on loopback.") { IsRequired = true, DefaultNote = "none" },
        new("admin.credentials[].secretAccessKey", SettingKind.Text, null, "Its secret; better `${VARIABLE}` than the text itself.") { IsRequired = true, DefaultNote = "none" },
        new("admin.credentials[].sessionToken", SettingKind.Text, null, "Its session token, which requests then have to bring.") { DefaultNote = "none" },
        new("admin.credentials[].rights", SettingKind.Choice, "full", "What it may do: `read` changes nothing.") { Choices = ["read", "full"] },
        new("admin.signatureSkew", SettingKind.Duration, "15m", "How far the clock of who signs may be off.") { Least = Second, Most = 24 * Hour },
        new("admin.rate", SettingKind.Throttle, "1000 burst 2000", "How often each client that is not on this machine may call the admin listener, metrics and health apart; beyond it 429.") { Word = "none" },
        new("admin.replays", SettingKind.Integer, "0", "How many signatures of changes are remembered while they are valid, so that none is taken twice; 0 takes them again, as the service does. Two equal changes within a second have one signature.") { Most = 1_000_000 },

        new("loops", SettingKind.Integer, "auto", "How many event loops serve the data listeners; `auto` is one for each core.") { Least = 1, Most = 1024, Word = "auto", NeedsRestart = true },
        new("loopBackend", SettingKind.Choice, "auto", "How data loops hear of sockets; `auto` is `io_uring` where kernel and container allow it, else `epoll`.") { Choices = ["auto", "epoll", "io_uring"], NeedsRestart = true },
        new("data", SettingKind.Path, null, "Directory for what the node must remember, in `edgeproxy.db`: what the management APIs were told, who called them, and what API keys used of usage plans. Made for the process alone when it is not there; no two nodes may share it.") { DefaultNote = "nothing is kept", NeedsRestart = true },

        new("tls.certificates[].certificate", SettingKind.Path, null, "A PEM certificate chain, the server's own first. Clients get the one that covers the name they ask for; of several the kind of key they know.") { IsRequired = true, DefaultNote = "none" },
        new("tls.certificates[].key", SettingKind.Path, null, "Its PEM key (PKCS#8, PKCS#1 or SEC1).") { IsRequired = true, DefaultNote = "none" },
        new("tls.certificates[].ocsp", SettingKind.Path, null, "A DER OCSP response to staple.") { DefaultNote = "none" },
        new("tls.certificates[].arn", SettingKind.Text, null, "The ARN by which domains name it.") { DefaultNote = "none" },
        new("tls.certificatesFolder", SettingKind.Path, null, "A folder of certificates: `name.crt` or `name.pem` beside `name.key`, or folders with `fullchain.pem` and `privkey.pem`; `name.ocsp` or `ocsp.der` is stapled.") { DefaultNote = "none" },
        new("tls.defaultCertificate", SettingKind.Text, null, "A name: clients that ask for no name, or one that no certificate covers, get the certificate of this one.") { DefaultNote = "their handshake is refused" },
        new("tls.securityPolicy", SettingKind.Choice, TlsPolicy.Default.Name, "Versions and suites of TLS, by the names of API Gateway, where neither domain nor API says otherwise.") { Choices = s_policies },
        new("tls.requirePq", SettingKind.Boolean, "false", "Whether a `_PQ_` policy is refused when this build has no post-quantum key exchange, rather than served without."),
        new("tls.ticketRotation", SettingKind.Duration, "12h", "How often the key of session tickets changes; tickets of the last one are still taken.") { Least = 60 * Second, Most = 7 * 24 * Hour },
        new("tls.maxHandshakes", SettingKind.Integer, "1000", "TLS handshakes under way on each loop; beyond it new connections are closed.") { Least = 1, Most = 1_000_000 },

        new("domains[].name", SettingKind.Text, null, "A custom domain name; `*.example.com` stands for one more label. What is not said of a domain comes from `tls`.") { IsRequired = true, DefaultNote = "none" },
        new("domains[].securityPolicy", SettingKind.Choice, null, "Its versions and suites of TLS; the policy of an API that is served there wins, as in the service.") { Choices = s_policies, DefaultNote = "`tls.securityPolicy`" },
        new("domains[].endpointAccessMode", SettingKind.Choice, null, "`STRICT` refuses requests whose host is not the name of their handshake.") { Choices = ["BASIC", "STRICT"], DefaultNote = "`BASIC`" },
        new("domains[].certificate", SettingKind.Path, null, "Its certificate chain, in PEM.") { DefaultNote = "the one of `tls` that covers the name" },
        new("domains[].key", SettingKind.Path, null, "The key of `certificate`, in PEM.") { DefaultNote = "none" },
        new("domains[].certificateArn", SettingKind.Text, null, "In place of `certificate`: the `arn` of one in `tls.certificates`.") { DefaultNote = "none" },
        new("domains[].mutualTls.truststore", SettingKind.Path, null, "A PEM bundle of authorities; clients must show a certificate that chains to one of them.") { DefaultNote = "clients need no certificate" },
        new("domains[].mutualTls.crl", SettingKind.Path, null, "A PEM bundle of revocation lists for it.") { DefaultNote = "revocation is not checked" },
        new("domains[].mutualTls.onFailure", SettingKind.Choice, "respond403", "What a client without a trusted certificate gets: 403, or a closed connection.") { Choices = ["respond403", "abort"] },

        new("limits.requestLine", SettingKind.Size, "10KB", "Longest request line; beyond it 414.") { Least = 128, Most = HeaderBytesHardCap },
        new("limits.headerBytes", SettingKind.Size, "10KB", "Most bytes of header fields in all; beyond it 431.") { Least = 128, Most = HeaderBytesHardCap },
        new("limits.headerCount", SettingKind.Integer, "100", "Most header fields; beyond it 431.") { Least = 1, Most = 1000 },
        new("limits.chunkExtension", SettingKind.Size, "1KB", "Most bytes that may follow the size of one chunk, in requests and responses; beyond it the message is refused.") { Most = 64 * 1024 },
        new("limits.trailers", SettingKind.Size, "8KB", "Most bytes of trailers behind a chunked body, likewise.") { Most = 16 * 1024 },
        new("limits.trailerCount", SettingKind.Integer, "32", "Most trailers behind a chunked body, likewise.") { Most = 256 },
        new("limits.body", SettingKind.Size, "10MB", "Largest request body; beyond it 413.") { Word = "unlimited" },
        new("limits.responseBody", SettingKind.Size, "10MB", "Largest response body of an integration; beyond it 500, or a cut connection when the response has begun.") { Word = "unlimited" },
        new("limits.heldBody", SettingKind.Size, "10MB", "Largest body, of a request or of an integration's answer, that is held whole because a model, a template or a function asks for it; beyond it 413, and 500. Others stream.") { Least = 1024, Most = 1L << 30 },
        new("limits.functionHeaderBytes", SettingKind.Size, "64KB", "Most bytes of header fields in the result of a Lambda function; beyond it 502.") { Least = 128, Most = 16 << 20 },
        new("limits.functionHeaderCount", SettingKind.Integer, "1000", "Most header fields in the result of a Lambda function; beyond it 502.") { Least = 1, Most = 10_000 },
        new("limits.functionPayload", SettingKind.Size, "6291556", "Largest event that a Lambda function is called with, and largest result it may give; beyond it 413, and 502. For results that are streamed see `lambda.maxStream`.") { Least = 1024, Most = 1024 * 1024 * 1024 },
        new("limits.decodedBody", SettingKind.Size, "10MB", "Largest request body once its Content-Encoding is taken off, and largest one that has a Content-Encoding; beyond it 413. Such bodies are held whole.") { Least = 1, Most = 1L << 30 },
        new("limits.decodedRatio", SettingKind.Integer, "100", "How many times as long as it was sent a request body may become when it is decoded; beyond it 413. Up to 64KB decoded any ratio will do.") { Least = 1, Most = 1_000_000 },
        new("limits.contentCodings", SettingKind.Integer, "3", "Content codings of a request body on top of each other; beyond it 415.") { Least = 1, Most = 8 },
        new("limits.requestsPerConnection", SettingKind.Integer, "unlimited", "Requests on one connection before it is closed.") { Least = 1, Most = int.MaxValue, Word = "unlimited" },
        new("limits.accountThrottle", SettingKind.Throttle, "none", "How often all APIs of the node together may be called; beyond it 429. A node is not an AWS account, so there is no limit unless it is set.") { Word = "none" },

        new("timeouts.handshake", SettingKind.Duration, "10s", "For a whole TLS handshake; beyond it the connection is closed.") { Least = 10 * Millisecond, Most = Hour },
        new("timeouts.headers", SettingKind.Duration, "10s", "For a whole request head, from its first byte to its last; beyond it 408.") { Least = 10 * Millisecond, Most = Hour },
        new("timeouts.body", SettingKind.Duration, "30s", "Between two reads of a request body; beyond it 408.") { Least = 10 * Millisecond, Most = Hour },
        new("timeouts.bodyMinRate", SettingKind.Size, "240", "Bytes per second a request body must reach on average; beyond the grace 408. 0 asks for none."),
        new("timeouts.bodyMinRateGrace", SettingKind.Duration, "5s", "How long a body may be below the rate.") { Most = Hour },
        new("timeouts.idle", SettingKind.Duration, "75s", "Without a byte between two requests, or before the first on a new connection; then it is closed without a word.") { Least = 10 * Millisecond, Most = 24 * Hour },
        new("timeouts.write", SettingKind.Duration, "60s", "How long a client may leave a response unread; then the connection is cut.") { Least = 10 * Millisecond, Most = Hour },
        new("timeouts.connect", SettingKind.Duration, "5s", "To connect to an upstream; beyond it 504.") { Least = Millisecond, Most = 10 * 60 * Second },
        new("timeouts.stream", SettingKind.Duration, "10m", "For a gRPC call without a byte either way, once its answer has begun; beyond it the call ends with DEADLINE_EXCEEDED.") { Least = Second, Most = 24 * Hour },
        new("timeouts.streamedAnswer", SettingKind.Duration, "5m", "For an answer that streams (`responseTransferMode: STREAM`) without a byte from the back end; beyond it the connection is cut.") { Least = 10 * Millisecond, Most = Hour },
        new("timeouts.integration", SettingKind.Duration, "29s", "For an integration that gives no time-out of its own, and the longest that the node waits for any but those that stream; beyond it 504.") { Least = 50 * Millisecond, Most = 24 * Hour },

        new("connections.total", SettingKind.Integer, "auto", "Connections in all; beyond it 503. `auto` is half of (descriptor limit - 512), because a proxied one costs two.") { Least = 1, Most = 100_000_000, Word = "auto", NeedsRestart = true },
        new("connections.perIp", SettingKind.Integer, "1000", "Connections from one client address (with `proxyProtocol` the one its header names); beyond it 503.") { Least = 1, Most = 100_000_000, Word = "unlimited", NeedsRestart = true },

        new("h2.maxConcurrentStreams", SettingKind.Integer, "100", "Requests one HTTP/2 connection may have open at once; beyond it REFUSED_STREAM. A request given up by its client counts until its work has stopped.") { Least = 1, Most = 100_000 },
        new("h2.streamWindow", SettingKind.Size, "96KB", "Bytes of an HTTP/2 request's body that are held before they are asked for.") { Least = 1, Most = int.MaxValue },
        new("h2.connectionWindow", SettingKind.Size, "1MB", "The same for all requests of a connection together; at least the 65535 bytes that HTTP/2 begins with.") { Least = 65535, Most = int.MaxValue },
        new("h2.maxHeaderList", SettingKind.Size, "16KB", "Bytes of a decoded HTTP/2 head, with 32 more for each field; beyond it 431, and far beyond it the end of the connection.") { Least = 1024, Most = 1024 * 1024 },
        new("h2.headerBlock", SettingKind.Size, "64KB", "Bytes of an HTTP/2 head as sent; beyond it the connection ends.") { Least = 1024, Most = 1024 * 1024 },
        new("h2.continuationFrames", SettingKind.Integer, "8", "CONTINUATION frames of one head; beyond it the connection ends.") { Most = 1000 },
        new("h2.resetBudget", SettingKind.Integer, "100", "HTTP/2 streams that may be reset in a burst, by the client or for what it did; beyond it the connection ends, as it does when more than half of 200 or more were.") { Least = 1, Most = 1_000_000 },
        new("h2.resetRefill", SettingKind.Integer, "100", "Resets a second that the budget gets back.") { Most = 1_000_000 },
        new("h2.controlFramesPer10s", SettingKind.Integer, "100", "HTTP/2 frames in ten seconds that carry nothing and that nothing called for (PING, SETTINGS, PRIORITY, WINDOW_UPDATE); beyond it the connection ends.") { Least = 1, Most = 1_000_000 },
        new("h2.emptyFrames", SettingKind.Integer, "10", "DATA frames without data on one stream; beyond it the connection ends.") { Most = 1_000_000 },
        new("h2.outputFrames", SettingKind.Integer, "1000", "Answers to such frames that may wait for a client that does not read; beyond it the connection ends.") { Least = 1, Most = 1_000_000 },
        new("h2.streamStall", SettingKind.Duration, "30s", "How long an HTTP/2 response may wait for its client to open the window; then its stream is reset.") { Least = 10 * Millisecond, Most = Hour },
        new("h2.connectionAge", SettingKind.Duration, "1h", "How long an HTTP/2 connection takes new requests; then it is left in order (GOAWAY), whatever is under way served to its end.") { Least = Second, Most = 365 * 24 * Hour },

        new("upstream.protocol", SettingKind.Choice, "http1", "Version of HTTP for back ends whose integration names none (`x-edgeproxy-upstream.protocol`): `h2` is HTTP/2, in the clear by prior knowledge; `auto` is what TLS agrees on, else HTTP/1.1.") { Choices = ["http1", "h2", "auto"] },
        new("upstream.maxConnections", SettingKind.Integer, "1024", "Connections to one upstream from each loop.") { Least = 1, Most = 1_000_000 },
        new("upstream.maxIdle", SettingKind.Integer, "256", "Idle connections to one upstream that each loop keeps for reuse.") { Most = 1_000_000 },
        new("upstream.idleTimeout", SettingKind.Duration, "60s", "How long an idle upstream connection is kept.") { Most = 24 * Hour },
        new("upstream.maxStreams", SettingKind.Integer, "1000", "Requests at once on one HTTP/2 connection to an upstream; what the upstream allows holds as well.") { Least = 1, Most = 1_000_000 },
        new("upstream.streamWindow", SettingKind.Size, "256KB", "Bytes of a response that an HTTP/2 upstream may send ahead of its reader. A reader gets 16KB until it has read some.") { Least = 16 * 1024, Most = 1L << 30 },
        new("upstream.queue", SettingKind.Integer, "1024", "Requests on each loop that may wait for a connection to one upstream; beyond it 503.") { Most = 1_000_000 },
        new("upstream.dnsTtl", SettingKind.Duration, "30s", "How long addresses of an upstream's name are used before it is asked for again.") { Least = 100 * Millisecond, Most = 24 * Hour, NeedsRestart = true },

        new("upstream.balance", SettingKind.Choice, "weighted", "How one of several `x-edgeproxy-upstream.targets` is chosen: in turn by weight, or the one with the fewest requests under way for its weight.") { Choices = ["weighted", "least-loaded"] },

        new("upstream.failureStatuses", SettingKind.Texts, "502, 503, 504", "Statuses, and ranges such as `500-599`, by which a target has failed as if it had not answered: for ejection and circuits."),
        new("upstream.panicPercent", SettingKind.Percent, "0", "When fewer targets of a hundred than this are in order, requests go to all of them; when none is they do in any case."),

        new("upstream.retries.attempts", SettingKind.Integer, "2", "How often a request is sent at most, the first time included, where an upstream has several targets. One with a single target has to ask for it (`x-edgeproxy-upstream.retries.attempts`).") { Least = 1, Most = 10 },
        new("upstream.retries.tryTimeout", SettingKind.Duration, "off", "How long one attempt may take until the head of its answer; all together have the integration's time.") { Least = Millisecond, Most = 24 * Hour, Word = "off" },
        new("upstream.retries.on", SettingKind.Texts, "connect, reset, timeout", "For what failures: `connect` (nothing was sent), `reset` (before the answer began), `timeout` (of `tryTimeout`), statuses and ranges. But for `connect` only GET, HEAD, OPTIONS, PUT, DELETE and TRACE are sent again, and a body that streams only while nothing of it is gone."),
        new("upstream.retries.nonIdempotent", SettingKind.Boolean, "false", "Whether requests by other methods are sent again as well, though they may have done something already."),
        new("upstream.retries.budgetPercent", SettingKind.Percent, "20", "Further attempts for a hundred requests within ten seconds; beyond it the failure is passed on."),
        new("upstream.retries.budgetPerSecond", SettingKind.Integer, "10", "Further attempts a second besides.") { Most = 1_000_000 },
        new("upstream.retries.backoff", SettingKind.Duration, "25ms", "How long a target is left alone that is tried once more, give or take half; twice as long each time.") { Most = 60 * Second },

        new("upstream.ejection.consecutiveFailures", SettingKind.Integer, "5", "So many failures in a row leave a target out, where there are others; `0` for never.") { Most = 1_000_000 },
        new("upstream.ejection.failurePercent", SettingKind.Percent, "0", "So many failures of a hundred requests in ten seconds do likewise; `0` for never."),
        new("upstream.ejection.leastRequests", SettingKind.Integer, "20", "Fewer requests to a target in ten seconds say nothing about a share.") { Least = 1, Most = 1_000_000 },
        new("upstream.ejection.time", SettingKind.Duration, "30s", "How long the first time; twice that the second, three times the third.") { Least = Millisecond, Most = 24 * Hour },
        new("upstream.ejection.mostTime", SettingKind.Duration, "5m", "How long at most.") { Least = Millisecond, Most = 24 * Hour },
        new("upstream.ejection.mostPercent", SettingKind.Percent, "50", "How many of a hundred targets may be left out at once. One of several always may, unless this is 0; the last one never."),

        new("upstream.circuit.failurePercent", SettingKind.Percent, "0", "So many failed requests of a hundred in ten seconds, further attempts taken into account, open the circuit of an upstream: 503 without a call; `0` for never."),
        new("upstream.circuit.leastRequests", SettingKind.Integer, "20", "Fewer requests in ten seconds say nothing about a share.") { Least = 1, Most = 1_000_000 },
        new("upstream.circuit.openTime", SettingKind.Duration, "5s", "How long it stays open the first time; twice as long each time that it has not closed in between.") { Least = Millisecond, Most = 24 * Hour },
        new("upstream.circuit.mostOpenTime", SettingKind.Duration, "1m", "How long at most.") { Least = Millisecond, Most = 24 * Hour },
        new("upstream.circuit.probes", SettingKind.Integer, "3", "How many requests are let through then; all have to succeed for the circuit to close.") { Least = 1, Most = 1000 },

        new("upstream.health.interval", SettingKind.Duration, "5s", "From one check of a target to the next, give or take a tenth, where `x-edgeproxy-upstream.health` names a path to ask for.") { Least = 10 * Millisecond, Most = 24 * Hour },
        new("upstream.health.timeout", SettingKind.Duration, "2s", "How long one may take until the head of its answer.") { Least = Millisecond, Most = 24 * Hour },
        new("upstream.health.statuses", SettingKind.Texts, "200-299", "Statuses, and ranges, of a target that works."),
        new("upstream.health.healthy", SettingKind.Integer, "2", "So many good checks in a row bring a target back.") { Least = 1, Most = 1000 },
        new("upstream.health.unhealthy", SettingKind.Integer, "3", "So many bad ones in a row leave it out. Until then it is taken for good, from the start on.") { Least = 1, Most = 1000 },

        new("upstream.concurrency", SettingKind.Concurrency, "none", "How many requests to each upstream may be under way at once, on the whole node, and how many more may wait for their turn; beyond it 503 with Retry-After.") { Word = "none" },

        new("upstream.vpcLinks[].id", SettingKind.Text, null, "The VPC link as integrations name it: their `integrationTarget` (an ARN) or `connectionId`.") { IsRequired = true, DefaultNote = "none" },
        new("upstream.vpcLinks[].address", SettingKind.Text, null, "Where its requests are sent, as `host` or `host:port`; Host, path and scheme stay those of the URI.") { IsRequired = true, DefaultNote = "none" },

        new("upstream.tls.caFile", SettingKind.Path, null, "A PEM bundle that the certificates of https upstreams must chain to.") { DefaultNote = "the system's" },
        new("upstream.tls.clientCertificates[].id", SettingKind.Name, null, "The id by which `apis[].clientCertificateId` names a certificate for upstreams.") { IsRequired = true, DefaultNote = "none" },
        new("upstream.tls.clientCertificates[].certificate", SettingKind.Path, null, "Its chain, in PEM.") { IsRequired = true, DefaultNote = "none" },
        new("upstream.tls.clientCertificates[].key", SettingKind.Path, null, "Its key, in PEM.") { IsRequired = true, DefaultNote = "none" },

        new("lambda.region", SettingKind.Name, "us-east-1", "Region of functions that are called without one."),
        new("lambda.account", SettingKind.Text, "000000000000", "Account, twelve digits, of functions that are called without one."),
        new("lambda.maxStream", SettingKind.Size, "200MB", "Largest result of a function that streams; beyond it the connection is cut.") { Least = 1024 },
        new("lambda.eventQueue", SettingKind.Size, "64MB", "Bytes of events, on each loop, of calls of functions by URL that nobody waits for; beyond it they are refused as throttled.") { Most = 1L << 40 },
        new("lambda.nodeCommand", SettingKind.Text, "node", "The Node.js executable for local functions: a path, or a name to be found in PATH."),
        new("lambda.pythonCommand", SettingKind.Text, "python3", "The Python executable for local functions, likewise."),
        new("lambda.functions[].name", SettingKind.Text, null, "Which functions this is about: a name, an ARN, or `*` for all. It takes one of `runtime`, `url` and `endpoint`; of several that take a function the first is called, local ones before URLs before endpoints.") { IsRequired = true, DefaultNote = "none" },
        new("lambda.functions[].runtime", SettingKind.Text, null, "The function runs on this node: `nodejs`, `python` or `provided` (an executable `bootstrap`), with a version behind it or without, or `command`.") { DefaultNote = "none" },
        new("lambda.functions[].code", SettingKind.Path, null, "The directory with its code. A reload gives code that has changed to workers of its own; those that run the code of before end as they become free.") { DefaultNote = "none" },
        new("lambda.functions[].handler", SettingKind.Text, null, "Its handler, such as `index.handler`.") { DefaultNote = "none" },
        new("lambda.functions[].command", SettingKind.Texts, null, "For the runtime `command`: an executable and its arguments that speak the Runtime API.") { DefaultNote = "none" },
        new("lambda.functions[].timeout", SettingKind.Duration, "3s", "How long it may take.") { Least = Second, Most = 900 * Second },
        new("lambda.functions[].initTimeout", SettingKind.Duration, "10s", "How long a worker may take to start.") { Least = 100 * Millisecond, Most = 900 * Second },
        new("lambda.functions[].memory", SettingKind.Integer, "128", "Megabytes that it is told it has; nothing holds it to that.") { Least = 128, Most = 32768 },
        new("lambda.functions[].environment", SettingKind.TextMap, "", "Its environment variables.") { DefaultNote = "none" },
        new("lambda.functions[].workers.min", SettingKind.Integer, "0", "Workers that are started ahead and kept.") { Most = 10_000 },
        new("lambda.functions[].workers.max", SettingKind.Integer, "16", "Workers at once, each with one invocation.") { Least = 1, Most = 10_000 },
        new("lambda.functions[].workers.ahead", SettingKind.Integer, "16", "Most events that a worker is given at once, to serve one after the other, where it runs a loop of ours (Node.js) and has been quick; 1 for never more than one.") { Least = 1, Most = 1000 },
        new("lambda.functions[].workers.idle", SettingKind.Duration, "5m", "How long a worker beyond the least may have nothing to do.") { Least = Second, Most = 24 * Hour },
        new("lambda.functions[].queue.length", SettingKind.Integer, "1000", "Invocations that may wait for a worker; beyond it they are refused as throttled.") { Most = 1_000_000 },
        new("lambda.functions[].queue.wait", SettingKind.Duration, "10s", "How long one may wait, likewise.") { Most = Hour },
        new("lambda.functions[].url", SettingKind.Text, null, "The function is behind this URL, which gets the event as a POST; 2xx brings the result, any other status is the function's failure. `{name}` stands for its name.") { DefaultNote = "none" },
        new("lambda.functions[].endpoint", SettingKind.Text, null, "The function is behind the Invoke API at this URL; `aws` is the one of AWS in the function's region.") { DefaultNote = "none" },
        new("lambda.functions[].region", SettingKind.Name, null, "The region to sign for, whatever an ARN says.") { DefaultNote = "the ARN's, else `lambda.region`" },
        new("lambda.functions[].credentials.source", SettingKind.Choice, "auto", "Where the credentials are: `environment` (`AWS_ACCESS_KEY_ID` and so on), the shared `file`, `variables` named below, or `none` for requests without a signature. `auto` is what is named below, else the environment, else the file.") { Choices = ["auto", "environment", "file", "variables", "none"] },
        new("lambda.functions[].credentials.file", SettingKind.Path, null, "A shared credentials file.") { DefaultNote = "`AWS_SHARED_CREDENTIALS_FILE`, else `~/.aws/credentials`" },
        new("lambda.functions[].credentials.profile", SettingKind.Text, null, "The profile in it.") { DefaultNote = "`AWS_PROFILE`, else `default`" },
        new("lambda.functions[].credentials.accessKeyId", SettingKind.Text, null, "Name of the environment variable that holds the access key id.") { DefaultNote = "none" },
        new("lambda.functions[].credentials.secretAccessKey", SettingKind.Text, null, "Name of the environment variable that holds the secret access key.") { DefaultNote = "none" },
        new("lambda.functions[].credentials.sessionToken", SettingKind.Text, null, "Name of the environment variable that holds the session token.") { DefaultNote = "none" },
        new("lambda.functions[].tls.insecureSkipVerification", SettingKind.Boolean, "false", "Whether the certificate of an https URL or endpoint may be anybody's."),
        new("lambda.functions[].tls.caFile", SettingKind.Path, null, "A PEM bundle that its certificate must chain to.") { DefaultNote = "`upstream.tls.caFile`" },
        new("lambda.functions[].tls.serverName", SettingKind.Text, null, "The name that its certificate must be for.") { DefaultNote = "the URL's host" },
        new("lambda.functions[].tls.clientCertificateId", SettingKind.Name, null, "The certificate of `upstream.tls.clientCertificates` that it is shown when it asks.") { DefaultNote = "none" },

        new("desync.mode", SettingKind.Choice, "strict", "What happens to requests that two servers could read differently.") { Choices = ["strict", "defensive", "monitor"] },
        new("paths.dotSegments", SettingKind.Choice, "reject", "What happens to `.` and `..` in a path, plain or encoded.") { Choices = ["reject", "resolve", "keep"] },
        new("headers.rejectUnderscore", SettingKind.Boolean, "false", "Whether a header name with `_` is refused with 400, for backends that read it as `-`."),
        new("methodOverride", SettingKind.Choice, "off", "Whether `X-HTTP-Method-Override` changes the method; it would let a client pass by a route's controls.") { Choices = ["off"] },
        new("validation.depth", SettingKind.Integer, "128", "Most arrays and objects within each other in a body that is held against a model; beyond it 400.") { Least = 1, Most = 300 },
        new("validation.steps", SettingKind.Integer, "4000000", "Most values and names in a body that is held against a model, and most schemas applied to them; beyond it 400. Patterns that go back and try again have as many, and 16 more for each byte.") { Least = 1000, Most = 1_000_000_000 },
        new("cache.maxBytes", SettingKind.Size, "256MB", "Memory that cached answers take, those of all APIs together; the longest unused make room. Finding them takes 16 to 48 bytes for each besides. Another size begins with an empty cache.") { Least = 1024 * 1024, Most = 1L << 42 },
        new("cache.maxEntry", SettingKind.Size, "1MB", "Largest body that is cached; larger ones pass. In a cache below 64MB a smaller bound holds: a 64th to a 32nd of `cache.maxBytes`, whole entries counted.") { Least = 1, Most = 1024 * 1024 },
        new("cache.maxKey", SettingKind.Size, "4KB", "Longest key of a cached answer, which is the namespace and all values of its `cacheKeyParameters`, and by RFC 9111 the target and the fields that answers vary by; requests with a longer one pass the cache by.") { Least = 256, Most = 16 * 1024 },
        new("cache.coalesceWaiters", SettingKind.Integer, "1000", "How many requests may wait for what another one fetches, where `x-edgeproxy-cache.coalesce` says that they do; more fetch their own. 0 for none.") { Most = 1_000_000 },
        new("cache.coalesceWait", SettingKind.Duration, "5s", "How long they wait before they fetch their own.") { Least = Second / 1000, Most = Hour },
        new("cache.refreshes", SettingKind.Integer, "64", "How many expired answers each loop fetches anew at a time while they are served (`stale-while-revalidate`); the next ones are served without. 0 for none.") { Most = 100_000 },

        new("overload.delay", SettingKind.Duration, "off", "How long a request may wait for its event loop while that is saturated; what would wait longer is shed: 503 with Retry-After, before anything else is done for it. A few times what an answer takes keeps the tail flat.") { Least = Millisecond, Most = 10 * Second, Word = "off" },
        new("overload.interval", SettingKind.Duration, "100ms", "How long a loop has to have had no pause to count as saturated.") { Least = 10 * Millisecond, Most = 10 * Second },
        new("explain.body", SettingKind.Size, "1MB", "Largest body of a request that is to be explained, and of the answer given with it; beyond it 413.") { Least = 1024, Most = 64 * 1024 * 1024 },
        new("explain.steps", SettingKind.Integer, "1000", "Most steps of mapping templates that one explanation tells; the others are counted.") { Most = 100_000 },
        new("explain.output", SettingKind.Size, "1MB", "Most characters that one explanation tells; beyond it values and rows are left out.") { Least = 16 * 1024, Most = 64 * 1024 * 1024 },

        new("management.body", SettingKind.Size, "6MB", "Largest request to the management APIs, imports among them; beyond it 413.") { Least = 1024, Most = 64 * 1024 * 1024 },
        new("management.region", SettingKind.Name, "us-east-1", "Region in the names (ARNs, hosts) that the management APIs answer with."),
        new("management.account", SettingKind.Text, "000000000000", "Account, twelve digits, in those names."),
        new("management.autoDeploy", SettingKind.Boolean, "false", "Whether each change to a REST API is deployed to all of its stages at once, where it can be. The service has no such thing; for HTTP APIs it is a matter of the stage."),
        new("management.limits.apis", SettingKind.Integer, "100000", "Most REST APIs, and most HTTP and WebSocket APIs, that may be created; beyond it, as beyond the limits below, LimitExceededException (429).") { Least = 1, Most = 1_000_000 },
        new("management.limits.resources", SettingKind.Integer, "10000", "Most resources of a REST API, and routes of another.") { Least = 1, Most = 1_000_000 },
        new("management.limits.stages", SettingKind.Integer, "10", "Most stages of an API.") { Least = 1, Most = 1000 },
        new("management.limits.autoDeployments", SettingKind.Integer, "10", "Deployments of an HTTP or WebSocket API that made themselves (`autoDeploy`) and that no stage serves any more; older ones are removed.") { Least = 0, Most = 10_000 },
        new("management.limits.entries", SettingKind.Integer, "500", "Most entries of a map or a list in a call that concerns an HTTP or WebSocket API; beyond it 400.") { Least = 1, Most = 10_000 },
        new("management.limits.authorizers", SettingKind.Integer, "10", "Most authorizers of an API.") { Least = 1, Most = 1000 },
        new("management.limits.stageVariables", SettingKind.Integer, "100", "Most variables of a stage.") { Least = 1, Most = 10_000 },
        new("management.limits.tags", SettingKind.Integer, "50", "Most tags of one thing.") { Least = 1, Most = 1000 },
        new("management.limits.documentationParts", SettingKind.Integer, "2000", "Most documentation parts of an API.") { Least = 1, Most = 1_000_000 },
        new("management.limits.definitions", SettingKind.Integer, "10000", "Most models, and most request validators, of a REST API.") { Least = 1, Most = 1_000_000 },
        new("management.limits.modelSchema", SettingKind.Size, "400KB", "Longest schema of a model; beyond it 400, as beyond the limits of sizes below.") { Least = 1024, Most = 64 * 1024 * 1024 },
        new("management.limits.documentationPart", SettingKind.Size, "64KB", "Longest properties of a documentation part.") { Least = 1024, Most = 64 * 1024 * 1024 },
        new("management.limits.documentationVersions", SettingKind.Integer, "100", "Most documentation versions of a REST API, each of which keeps all parts.") { Least = 1, Most = 10_000 },
        new("management.limits.policy", SettingKind.Integer, "8192", "Most characters of a resource policy.") { Least = 256, Most = 1_000_000 },
        new("management.limits.path", SettingKind.Integer, "1500", "Most characters of the path of a resource; the service limits a method's ARN, which holds it, to 1,600 bytes.") { Least = 16, Most = 10_000 },
        new("management.limits.apiKeys", SettingKind.Integer, "1000000", "Most API keys that may be created.") { Least = 1, Most = 10_000_000 },
        new("management.limits.usagePlans", SettingKind.Integer, "10000", "Most usage plans.") { Least = 1, Most = 1_000_000 },
        new("management.limits.usagePlansPerKey", SettingKind.Integer, "10", "Most usage plans that an API key may be in.") { Least = 1, Most = 1000 },
        new("management.limits.methodThrottles", SettingKind.Integer, "20", "Most methods that a usage plan may throttle by themselves, of each stage that it lists.") { Least = 1, Most = 10_000 },
        new("management.limits.vpcLinks", SettingKind.Integer, "1000", "Most VPC links of either version.") { Least = 1, Most = 100_000 },
        new("management.limits.clientCertificates", SettingKind.Integer, "1000", "Most client certificates.") { Least = 1, Most = 100_000 },
        new("management.limits.apiMappings", SettingKind.Integer, "1000", "Most API mappings, which are base path mappings as well, of a custom domain name.") { Least = 1, Most = 10_000 },
        new("management.limits.domainNames", SettingKind.Integer, "10000", "Most custom domain names.") { Least = 1, Most = 1_000_000 },
        new("management.limits.routingRules", SettingKind.Integer, "50", "Most routing rules of a custom domain name.") { Least = 1, Most = 10_000 },
        new("management.limits.jwtAudiences", SettingKind.Integer, "50", "Most issuers of a JWT authorizer, and most audiences of each; beyond it 400.") { Least = 1, Most = 1000 },
        new("management.limits.members", SettingKind.Integer, "2000", "Most members of any object within a request, beyond it 400. Objects are looked through from end to end.") { Least = 100, Most = 100_000 },
        new("management.limits.patchOperations", SettingKind.Integer, "1000", "Most patch operations of a request; beyond it 400.") { Least = 1, Most = 100_000 },
        new("management.limits.listEntries", SettingKind.Integer, "1000", "Most entries of a list that patch operations add to; beyond it LimitExceededException (429).") { Least = 1, Most = 100_000 },
        new("management.limits.document", SettingKind.Size, "6MB", "Largest API definition to import, beyond it 400; `management.body` bounds it too.") { Least = 1024, Most = 64 * 1024 * 1024 },
        new("management.limits.flattenedModel", SettingKind.Integer, "4000000", "Values of a model that is asked for with its references followed (`flatten=true`), and with each as many more as its text has characters; beyond it references stay.") { Least = 1000, Most = 100_000_000 },
        new("management.limits.testAnswer", SettingKind.Size, "10MB", "How much of an answer's body a test of a method shows; the rest is left away.") { Least = 1024, Most = 256 * 1024 * 1024 },
        new("management.limits.authorizerReply", SettingKind.Size, "256KB", "Longest reply of an authorizer's function when the authorizer is tested; beyond it the test tells a failure.") { Least = 1024, Most = 6 * 1024 * 1024 },
        new("management.limits.certificate", SettingKind.Size, "64KB", "Longest certificate of a custom domain that is given as text, with its chain and key; beyond it 400.") { Least = 4096, Most = 4 * 1024 * 1024 },
        new("compression.decode", SettingKind.Texts, "gzip, deflate", "Content codings of request bodies that are decoded, of `gzip`, `deflate`, `br` and `zstd`; a body in any other is 415."),
        new("compression.codings", SettingKind.Texts, "gzip, deflate", "Content codings of answers where an API asks for compression, of the same four; of several that a client likes best the first is taken."),
        new("compression.level", SettingKind.Integer, "4", "How hard answers are compressed: 1 is the fastest, 9 the smallest.") { Least = 1, Most = 9 },
        new("templates.output", SettingKind.Size, "10MB", "Bytes that a mapping template may write; beyond it 500.") { Least = 1024, Most = 1L << 30 },
        new("templates.text", SettingKind.Size, "32MB", "Bytes of text that a mapping template may make on the way; beyond it 500.") { Least = 4096, Most = 1L << 30 },
        new("templates.items", SettingKind.Integer, "1000000", "Most elements of lists, members of maps and nodes of JSON in a run of a mapping template; beyond it 500.") { Least = 1000, Most = 100_000_000 },
        new("templates.steps", SettingKind.Integer, "1000000", "Most instructions of a run of a mapping template, with one more for each 64 bytes that a function goes through; beyond it 500.") { Least = 1000, Most = 1_000_000_000 },
        new("templates.iterations", SettingKind.Integer, "1000", "Most iterations of one `#foreach`, which ends there as it does with API Gateway.") { Least = 1, Most = 1_000_000 },
        new("templates.calls", SettingKind.Integer, "20", "Most calls of macros and uses of `#define` within each other; beyond it 500.") { Least = 1, Most = 100 },
        new("templates.nesting", SettingKind.Integer, "200", "Most arrays, objects and lists within each other in a mapping template; beyond it 500, and a body counts as no JSON.") { Least = 1, Most = 300 },
        new("templates.emptyTextIsFalse", SettingKind.Boolean, "false", "Whether an empty text is false in a condition of a mapping template; in Velocity 1.7 any text is true."),
        new("trustedProxies", SettingKind.Cidrs, "", "Proxies whose `X-Forwarded-*` are believed.") { DefaultNote = "nobody" },

        new("logs.level", SettingKind.Choice, "info", "The least severe events of the node log (JSON lines on standard error).") { Choices = ["error", "warn", "info", "debug"] },
        new("logs.access.path", SettingKind.Text, "stdout", "Where the access log goes: `stdout`, `off`, or a file (opened again on SIGUSR1).") { NeedsRestart = true },
        new("logs.access.queue", SettingKind.Size, "64MB", "Most bytes of access log waiting to be written; beyond it lines are dropped and counted.") { Least = 64 * 1024, Most = 1L << 31, NeedsRestart = true },

        new("audit.path", SettingKind.Text, "off", "Where management calls are written as JSON lines too: `stdout`, `off`, or a file (opened again on SIGUSR1).") { NeedsRestart = true },
        new("audit.maxRecords", SettingKind.Integer, "100000", "Most management calls that are remembered: so many changes, and so many reads and refusals. The oldest go.") { Least = 100, Most = 100_000_000, NeedsRestart = true },
        new("audit.buffer", SettingKind.Integer, "10000", "Most reads and refusals that wait to be noted down; beyond it they are not, and counted.") { Least = 100, Most = 1_000_000, NeedsRestart = true },

        new("metrics.detailed", SettingKind.Boolean, "true", "Whether request metrics are split by route and method besides API, stage and status class."),
        new("metrics.maxSeries", SettingKind.Integer, "10000", "Most label sets of one metric; what is beyond them is counted under `other`.") { Least = 16, Most = 1_000_000, NeedsRestart = true },

        new("drain.grace", SettingKind.Duration, "5s", "After SIGTERM: how long new connections are still accepted while readiness says no.") { Most = Hour },
        new("drain.timeout", SettingKind.Duration, "30s", "After the grace: how long requests in flight may take before they are cut.") { Most = 24 * Hour },

        new("apiKeys.keys[].id", SettingKind.Name, null, "Its id, by which logs and usage name it.") { DefaultNote = "made from its value, always the same" },
        new("apiKeys.keys[].name", SettingKind.Text, null, "Its name.") { DefaultNote = "none" },
        new("apiKeys.keys[].value", SettingKind.Text, null, "What clients send: 20 to 128 visible characters. A secret: `${NAME}` takes it from the environment.") { IsRequired = true, DefaultNote = "none" },
        new("apiKeys.keys[].enabled", SettingKind.Boolean, "true", "Whether it opens anything."),
        new("apiKeys.keys[].customerId", SettingKind.Text, null, "Whose it is, elsewhere.") { DefaultNote = "none" },
        new("apiKeys.file", SettingKind.Path, null, "A CSV file with more keys, as ImportApiKeys takes it: columns `name`, `key`, and if wanted `id`, `description`, `enabled`, `usagePlanIds`. Watched like the settings.") { DefaultNote = "none" },
        new("usagePlans[].id", SettingKind.Name, null, "Its id, by which counts outlast changes.") { IsRequired = true, DefaultNote = "none" },
        new("usagePlans[].name", SettingKind.Text, null, "Its name.") { DefaultNote = "none" },
        new("usagePlans[].throttle", SettingKind.Throttle, "none", "How often each of its keys may call, all that it lists together; beyond it 429.") { Word = "none" },
        new("usagePlans[].quota.limit", SettingKind.Integer, null, "Requests that each of its keys has in a period; beyond it 429. What is refused does not count.") { Most = 1_000_000_000_000, DefaultNote = "any number" },
        new("usagePlans[].quota.period", SettingKind.Choice, null, "The period: from midnight, Sunday, or the first of the month on, in UTC.") { Choices = ["DAY", "WEEK", "MONTH"], DefaultNote = "none" },
        new("usagePlans[].quota.offset", SettingKind.Integer, "0", "Requests taken away from the first period in which a key uses the plan: 0 to 6 of a week, 0 to 27 of a month.") { Most = 27 },
        new("usagePlans[].apis", SettingKind.Stages, null, "What it opens: `api` is an API's id, `stage` its stage, and `methods` may limit single methods for each key: `/pets/{id}/GET: {rate: 2, burst: 5}`.") { DefaultNote = "nothing" },
        new("usagePlans[].keys", SettingKind.Texts, "", "Ids of the keys that are in it, besides those that name it in `usagePlanIds`. A key takes one plan for each stage.") { DefaultNote = "none" },

        new("apis[].file", SettingKind.Path, null, "The OpenAPI document.") { IsRequired = true },
        new("apis[].id", SettingKind.Name, null, "The API id, for `{id}.execute-api.*` hosts, logs and metrics.") { DefaultNote = "made from the file's name, always the same" },
        new("apis[].name", SettingKind.Text, null, "The API's name.") { DefaultNote = "the document's title" },
        new("apis[].type", SettingKind.Choice, null, "Which kind of API the document describes.") { Choices = ["rest", "http"], DefaultNote = "the document's `x-edgeproxy-api-type`, else `rest`" },
        new("apis[].domains", SettingKind.Texts, "", "Custom domains that serve this API; a host that matches one never falls through to another API.") { DefaultNote = "none" },
        new("apis[].basePath", SettingKind.Text, null, "Where it is mounted.") { DefaultNote = "the document's own, else `/` for one file and the file's stem for several" },
        new("apis[].stage", SettingKind.Name, "prod", "The stage it is deployed to; an HTTP API may be at `$default`.") { Word = "$default" },
        new("apis[].clientCertificateId", SettingKind.Name, null, "The certificate of `upstream.tls.clientCertificates` that https upstreams are shown when they ask.") { DefaultNote = "none" },
        new("apis[].throttle", SettingKind.Throttle, "none", "How often each method may be called; beyond it 429. Each method has a bucket of its own, as with the service's stage settings.") { Word = "none" },
        new("apis[].concurrency", SettingKind.Concurrency, "none", "How many requests of each method may be under way at once, on the whole node, and how many more may wait for their turn; beyond it 503 with Retry-After. Each method counts on its own. `auto` is as many as its backend is found to answer without keeping them waiting.") { Word = "none", Choices = [ConcurrencySettings.Automatic] },
        new("apis[].methods", SettingKind.Methods, null, "What is different for single methods, by path and verb: `/pets/{id}/GET`, with `throttle`, `concurrency` and `cache` below it.") { DefaultNote = "none" },
        new("apis[].cache.enabled", SettingKind.Boolean, "false", "Whether answers to GET are cached. Other methods are by a setting of their own alone (`methods`)."),
        new("apis[].cache.ttl", SettingKind.Duration, "5m", "How long a cached answer is used; `0s` is off. A fraction of a second counts as one.") { Most = Hour },
        new("apis[].cache.requireAuthorizationForCacheControl", SettingKind.Boolean, "true", "Whether only callers who are allowed to `execute-api:InvalidateCache` have an entry replaced with `Cache-Control: max-age=0`. Unsigned callers never are."),
        new("apis[].cache.unauthorizedCacheControlHeaderStrategy", SettingKind.Choice, "SUCCEED_WITH_RESPONSE_HEADER", "What the others get: the answer with a `Warning`, the answer, or 403.") { Choices = ["SUCCEED_WITH_RESPONSE_HEADER", "SUCCEED_WITHOUT_RESPONSE_HEADER", "FAIL_WITH_403"] },
        new("apis[].cache.header", SettingKind.Name, null, "A response header that tells what the cache did: `hit`, `miss`, `bypass`, `refresh`, `revalidated`, `stale` or `coalesced`.") { DefaultNote = "none" },
        new("apis[].canary.useStageCache", SettingKind.Boolean, "false", "Whether the canary's requests go by the API's cache; it shares entries where it runs the same document."),
        new("apis[].canary.percent", SettingKind.Percent, null, "Which share of the API's requests its canary serves; each is drawn on its own.") { DefaultNote = "`0`, and without any of these no canary" },
        new("apis[].canary.file", SettingKind.Path, null, "The OpenAPI document that the canary serves.") { DefaultNote = "the API's own" },
        new("apis[].canary.stageVariables", SettingKind.TextMap, "", "Stage variables laid over the API's own for the canary's requests.") { DefaultNote = "none" },
        new("apis[].stageVariables", SettingKind.TextMap, "", "Stage variables.") { DefaultNote = "none" },
    ];

    private static readonly Dictionary<string, Setting> ByPath = All.ToDictionary(setting => setting.Path, StringComparer.OrdinalIgnoreCase);
    private static readonly HashSet<string> Sections = FindSections();

    /// <summary>The setting of a dotted path, case ignored; null when there is none.</summary>
    public static Setting? Find(string path) => ByPath.GetValueOrDefault(path);

    /// <summary>Whether settings stand below this path: an object, or with <c>[]</c> at its end an item of a list.</summary>
    public static bool IsSection(string path) => Sections.Contains(path);

    /// <summary>The names that may stand in the object at a path (empty for the root).</summary>
    public static IReadOnlyList<string> NamesBelow(string section)
    {
        string prefix = section.Length == 0 ? "" : section + ".";
        return [.. All.Where(setting => setting.Path.StartsWith(prefix, StringComparison.Ordinal))
            .Select(setting => setting.Path[prefix.Length..].Split('.')[0].Replace("[]", "", StringComparison.Ordinal))
            .Distinct(StringComparer.Ordinal)];
    }

    private static HashSet<string> FindSections()
    {
        var sections = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (Setting setting in All)
        {
            for (int dot = setting.Path.IndexOf('.', StringComparison.Ordinal); dot >= 0; dot = setting.Path.IndexOf('.', dot + 1))
            {
                sections.Add(setting.Path[..dot]);
            }
        }

        return sections;
    }
}
