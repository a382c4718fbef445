using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;
using EdgeProxy.Core.Concurrency;
using EdgeProxy.Http.Client;
using EdgeProxy.Http.Messages;
using EdgeProxy.Identity.SigV4;
using EdgeProxy.Lambda.Invocation;
using EdgeProxy.Telemetry.Metrics;

namespace EdgeProxy.TestKit;

/// <summary>An Invoke endpoint without a connection, and a loop's function clients that call it. It answers as a test says and checks signatures.</summary>
public sealed class FakeInvokeEndpoint
{
    /// <summary>Whom requests are signed by.</summary>
    public static readonly AwsCredentials Credentials = new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "the session's token");

    private readonly MetricRegistry _registry = new(stripes: 1);

    public FakeInvokeEndpoint(EventLoop loop, FunctionLimits? limits = null)
    {
        Upstream = new FakeUpstream(loop);
        Metrics = new CallMetrics(_registry);
        Clients = new FunctionClients(loop, Upstream, Metrics, new FixedTime());
        Clients.Table = new FunctionTable([Target("*")], limits);
    }

    public FakeUpstream Upstream { get; }

    public CallMetrics Metrics { get; }

    public FunctionClients Clients { get; }

    /// <summary>The value of a series, as a scrape gives it.</summary>
    public long Counted(string series) => MetricText.Value(_registry, series);

    /// <summary>A target at the endpoint.</summary>
    public EndpointTarget Target(string name, string url = "https://lambda.test", bool hasCredentials = true, bool isUnsigned = false, string? region = null)
    {
        FunctionPattern.TryParse(name, out FunctionPattern? pattern);
        return new EndpointTarget(pattern!, (of, _) => UrlOf(url.Replace("{region}", of, StringComparison.Ordinal)), Metrics.For(name, FunctionTargetKind.Endpoint))
        {
            Region = region,
            DefaultRegion = "eu-west-1",
            Credentials = isUnsigned || !hasCredentials ? null : Credentials,
            IsUnsigned = isUnsigned,
        };
    }

    /// <summary>A target at a plain URL.</summary>
    public UrlTarget UrlTarget(string name, string url)
    {
        FunctionPattern.TryParse(name, out FunctionPattern? pattern);
        return new UrlTarget(pattern!, UrlOf(url), Metrics.For(name, FunctionTargetKind.Url));
    }

    /// <summary>A call that can be filled.</summary>
    public FunctionCall Rent(string function, string body = "{}")
    {
        if (!FunctionName.TryParse(function, out FunctionName? name)) throw new ArgumentException($"{function} names no function.", nameof(function));
        FunctionCall call = Clients.RentOrNull(name) ?? throw new InvalidOperationException($"No target takes {function}.");
        byte[] bytes = Encoding.UTF8.GetBytes(body);
        call.Event = new BodyChunk(bytes, 0, bytes.Length);
        return call;
    }

    /// <summary>What is wrong with the signature of the last request; null when it is right.</summary>
    public string? SignatureProblem(string region, AwsCredentials? credentials = null)
    {
        if (Upstream.Field("Authorization") is not { } authorization) return "there is no Authorization";
        Dictionary<string, string> parts = authorization["AWS4-HMAC-SHA256 ".Length..].Split(", ").Select(static part => part.Split('=', 2)).ToDictionary(static part => part[0], static part => part[1]);
        string date = Upstream.Field("X-Amz-Date") ?? "";
        if (parts["Credential"] != $"{(credentials ?? Credentials).AccessKeyId}/{date[..8]}/{region}/lambda/aws4_request") return $"the credential is {parts["Credential"]}";
        string[] signed = parts["SignedHeaders"].Split(';');
        foreach (string needed in (string[])["host", "x-amz-date", "x-amz-invocation-type"])
        {
            if (!signed.Contains(needed)) return $"{needed} is not signed";
        }

        if (signed.Contains("x-amzn-trace-id") || signed.Contains("user-agent")) return "a field is signed that hops may change";
        string target = Upstream.Target;
        int question = target.IndexOf('?', StringComparison.Ordinal);
        var canonical = new CanonicalRequest();
        canonical.Begin(
            Encoding.Latin1.GetBytes(Upstream.Method), Encoding.Latin1.GetBytes(question < 0 ? target : target[..question]),
            Encoding.Latin1.GetBytes(question < 0 ? "" : target[(question + 1)..]), CanonicalPath.Normalized);
        foreach (string name in signed) canonical.AddHeader(Encoding.Latin1.GetBytes(name), Encoding.Latin1.GetBytes(Upstream.Field(name) ?? "missing"));
        byte[] hash = new byte[Signature.HexLength];
        Signature.WriteHash(Encoding.Latin1.GetBytes(Upstream.Body), hash);
        canonical.End(hash);
        byte[] signature = new byte[SigningKey.Length];
        Signature.Compute(canonical, new SigningScope(credentials ?? Credentials, region, "lambda"), Encoding.ASCII.GetBytes(date), signature);
        return Convert.ToHexStringLower(signature) == parts["Signature"] ? null : $"the signature is of another request than\n{Encoding.UTF8.GetString(canonical.Text)}";
    }

    /// <summary>Lets the next calls be answered by an event stream: one run of the body for each argument, which is Latin-1 text of bytes.</summary>
    public void AnswerStream(params string[] runs) => Upstream.Answer("HTTP/1.1 200 OK\nContent-Type: application/vnd.amazon.eventstream\nTransfer-Encoding: chunked\nx-amzn-RequestId: r-1", runs);

    /// <summary>An event of a stream, as Latin-1 text; written here a second time so that a mistake is not made twice.</summary>
    public static string Message(string eventType, string payload) => Message([(":event-type", eventType), (":content-type", "application/octet-stream"), (":message-type", "event")], payload);

    /// <summary>A message of a stream with these text headers, as Latin-1 text.</summary>
    public static string Message((string Name, string Value)[] headers, string payload)
    {
        var head = new MemoryStream();
        foreach ((string name, string value) in headers)
        {
            head.WriteByte((byte)name.Length);
            head.Write(Encoding.Latin1.GetBytes(name));
            head.WriteByte(7);
            head.Write([(byte)(value.Length >> 8), (byte)value.Length]);
            head.Write(Encoding.Latin1.GetBytes(value));
        }

        return Message(head.ToArray(), Encoding.Latin1.GetBytes(payload));
    }

    /// <summary>A message of a stream with these header bytes.</summary>
    public static string Message(byte[] headers, byte[] payload)
    {
        byte[] message = new byte[16 + headers.Length + payload.Length];
        BinaryPrimitives.WriteInt32BigEndian(message, message.Length);
        BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(4), headers.Length);
        BinaryPrimitives.WriteUInt32BigEndian(message.AsSpan(8), Crc32.HashToUInt32(message.AsSpan(0, 8)));
        headers.CopyTo(message, 12);
        payload.CopyTo(message, 12 + headers.Length);
        BinaryPrimitives.WriteUInt32BigEndian(message.AsSpan(message.Length - 4), Crc32.HashToUInt32(message.AsSpan(0, message.Length - 4)));
        return Encoding.Latin1.GetString(message);
    }

    private static FunctionUrl UrlOf(string text) => FunctionUrl.TryParse(text, UpstreamProtocol.Http1, Transport.Tls.UpstreamTls.Default, out FunctionUrl? url, out string wrong)
        ? url
        : throw new ArgumentException($"{text}: {wrong}", nameof(text));

    private sealed class FixedTime : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2026, 11, 22, 10, 20, 30, TimeSpan.Zero);
    }
}
