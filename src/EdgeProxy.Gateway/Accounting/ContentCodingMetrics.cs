using EdgeProxy.Gateway.Compression;
using EdgeProxy.Telemetry.Metrics;

namespace EdgeProxy.Gateway.Accounting;

/// <summary>What decoding and compressing did; counted, never logged, a body at a time.</summary>
internal sealed class ContentCodingMetrics
{
    private readonly Row[] _decoded;
    private readonly Row[] _encoded;
    private readonly Counter[] _refused;

    public ContentCodingMetrics(MetricRegistry registry)
    {
        CounterFamily bodies = registry.Counter("edgeproxy_content_coding_bodies_total", "Request bodies decoded and response bodies compressed.", "direction", "coding");
        CounterFamily bytes = registry.Counter(
            "edgeproxy_content_coding_bytes_total", "Bytes that were taken and made in decoding requests and compressing responses.", "direction", "coding", "side");
        CounterFamily refused = registry.Counter("edgeproxy_decoding_refusals_total", "Request bodies that were not decoded: with 415, or by the limit that the reason names with 413.", "reason");
        _decoded = Rows(bodies, bytes, "request");
        _encoded = Rows(bodies, bytes, "response");
        _refused = Array.ConvertAll(Array.FindAll(Enum.GetValues<DecodingRefusal>(), static reason => reason != DecodingRefusal.None), reason => refused.With(LabelOf(reason)));
    }

    /// <summary>The series of a reason.</summary>
    public Counter Refused(DecodingRefusal reason) => _refused[(int)reason - 1];

    public void CountDecoded(int stripe, ContentCoding coding, long taken, long made) => _decoded[(int)coding - 1].Count(stripe, taken, made);

    public void CountEncoded(int stripe, ContentCoding coding, long taken, long made) => _encoded[(int)coding - 1].Count(stripe, taken, made);

    private static string LabelOf(DecodingRefusal reason) => reason switch
    {
        DecodingRefusal.Coding => "coding",
        DecodingRefusal.Codings => "limits.contentCodings",
        DecodingRefusal.Corrupt => "corrupt",
        DecodingRefusal.Size => "limits.decodedBody",
        _ => "limits.decodedRatio",
    };

    private static Row[] Rows(CounterFamily bodies, CounterFamily bytes, string direction) =>
        Array.ConvertAll(
            Array.ConvertAll(Array.FindAll(Enum.GetValues<ContentCoding>(), static coding => coding != ContentCoding.Identity), ContentCodings.LabelOf),
            label => new Row(bodies.With(direction, label), bytes.With(direction, label, "in"), bytes.With(direction, label, "out")));

    private sealed class Row(Counter bodies, Counter taken, Counter made)
    {
        public void Count(int stripe, long takenBytes, long madeBytes)
        {
            bodies.Increment(stripe);
            taken.Add(stripe, takenBytes);
            made.Add(stripe, madeBytes);
        }
    }
}
