using System.Text;
using EdgeProxy.ControlPlane.Deployments;
using EdgeProxy.ControlPlane.Records;
using Record = EdgeProxy.ControlPlane.Records.Record;

namespace EdgeProxy.Tests.ControlPlane.Deployments;

public sealed class ScopeArchiveTests
{
    [Fact]
    public void Gives_back_the_records_that_deployments_freeze()
    {
        RecordScope api = Api(("restapi", "a1", "{\"id\":\"a1\",\"name\":\"Pets\"}"), ("resource", "r0", "{\"id\":\"r0\"}"), ("method", "r0/GET", "{\"é\":\"ü\"}"), ("method", "r0/POST", "{}"));

        Assert.True(ScopeArchive.TryUnpack(ScopeArchive.Pack(api).Content, out RecordScope? back));

        Assert.Equal("restapis/a1", back.Id);
        Assert.Equal(Lines(api), Lines(back));
    }

    [Fact]
    public void Leaves_out_stages_deployments_and_documentation()
    {
        RecordScope api = Api(("restapi", "a1", "{}"), ("stage", "prod", "{}"), ("deployment", "d1", "{}"), ("documentationpart", "p1", "{}"), ("documentationversion", "1", "{}"));

        Assert.True(ScopeArchive.TryUnpack(ScopeArchive.Pack(api).Content, out RecordScope? back));

        Assert.Equal([Kinds.RestApi], back.Kinds);
    }

    [Fact]
    public void Names_the_same_content_the_same_whatever_points_at_it()
    {
        string first = ScopeArchive.Pack(Api(("restapi", "a1", "{}"), ("model", "m1", "{\"schema\":\"{}\"}"))).Id;

        Assert.Equal(first, ScopeArchive.Pack(Api(("stage", "prod", "{}"), ("model", "m1", "{\"schema\":\"{}\"}"), ("restapi", "a1", "{}"))).Id);
        Assert.NotEqual(first, ScopeArchive.Pack(Api(("restapi", "a1", "{}"), ("model", "m1", "{\"schema\":\"{ }\"}"))).Id);
        Assert.NotEqual(first, ScopeArchive.Pack(Api(("restapi", "a1", "{}"), ("model", "m2", "{\"schema\":\"{}\"}"))).Id);
        Assert.Equal(64, first.Length);
    }

    [Fact]
    public void Packs_an_HTTP_API_alike()
    {
        RecordScope api = RecordBook.Of(
        [
            ("apis/h1", "api", Of("h1", "{}")), ("apis/h1", "route", Of("r1", "{\"routeKey\":\"GET /\"}")), ("apis/h1", "routeresponse", Of("r1/x", "{}")),
            ("apis/h1", "integration", Of("i1", "{}")), ("apis/h1", "integrationresponse", Of("i1/x", "{}")), ("apis/h1", "model", Of("m", "{}")), ("apis/h1", "authorizer", Of("z", "{}")),
        ]).ScopeOrNull("apis/h1")!;

        Assert.True(ScopeArchive.TryUnpack(ScopeArchive.Pack(api).Content, out RecordScope? back));

        Assert.Equal(Lines(api), Lines(back));
    }

    [Fact]
    public void Packs_a_thousand_methods_into_a_tenth()
    {
        var records = new List<(string, string, string)> { ("restapi", "a1", "{}") };
        for (int i = 0; i < 1000; i++) records.Add(("method", $"r{i:d4}/GET", $"{{\"httpMethod\":\"GET\",\"authorizationType\":\"NONE\",\"apiKeyRequired\":false,\"methodIntegration\":{{\"type\":\"HTTP_PROXY\",\"httpMethod\":\"GET\",\"uri\":\"http://127.0.0.1:8080/items/{i}\",\"timeoutInMillis\":29000}}}}"));
        RecordScope api = Api([.. records]);

        byte[] packed = ScopeArchive.Pack(api).Content;

        Assert.InRange(packed.Length, 1000, 25_000);
        Assert.True(ScopeArchive.TryUnpack(packed, out RecordScope? back));
        Assert.Equal(1000, back.All(Kinds.Method).Count);
    }

    [Fact]
    public void Says_no_to_damaged_bytes_and_never_throws()
    {
        byte[] packed = ScopeArchive.Pack(Api(("restapi", "a1", "{\"name\":\"Pets\"}"), ("resource", "r0", "{\"id\":\"r0\"}"))).Content;

        for (int i = 0; i < packed.Length; i++)
        {
            byte[] damaged = [.. packed];
            damaged[i] ^= 0x41;
            Assert.False(ScopeArchive.TryUnpack(damaged, out _), $"byte {i}");
            Assert.False(ScopeArchive.TryUnpack(packed.AsSpan(0, i), out _), $"cut at {i}");
        }

        Assert.False(ScopeArchive.TryUnpack([.. packed, 0], out _));
    }

    [Theory]
    [InlineData("")]
    [InlineData("01000000")]
    [InlineData("01000000 61 ffffffff")] // a count of kinds below nothing
    [InlineData("01000000 61 01000000")] // a kind that is missing
    [InlineData("01000000 61 01000000 01000000 62 ffffff7f")] // more records than there is room for
    [InlineData("01000000 61 01000000 01000000 62 01000000 01000000 63 05000000 7b7d")] // a record that ends too soon
    [InlineData("01000000 61 01000000 01000000 62 02000000 01000000 64 00000000 01000000 63 00000000")] // keys in no order
    [InlineData("01000000 61 00000000 00")] // something behind the end
    public void Says_no_to_content_that_is_whole_and_means_nothing(string hex)
    {
        byte[] plain = Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));

        Assert.False(ScopeArchive.TryUnpack(Wrapped(plain, plain.Length), out _));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(4)]
    [InlineData(10)]
    [InlineData(int.MaxValue)]
    public void Says_no_to_a_length_that_is_not_the_content_s(int length)
    {
        byte[] plain = Convert.FromHexString("0100000061" + "00000000");
        Assert.True(ScopeArchive.TryUnpack(Wrapped(plain, plain.Length), out _));

        Assert.False(ScopeArchive.TryUnpack(Wrapped(plain, length), out _));
    }

    private static byte[] Wrapped(byte[] plain, int length)
    {
        byte[] room = new byte[1000];
        Assert.True(System.IO.Compression.BrotliEncoder.TryCompress(plain, room.AsSpan(16), out int written));
        "EPS1"u8.CopyTo(room);
        BitConverter.TryWriteBytes(room.AsSpan(12), length);
        byte[] whole = room[..(16 + written)];
        BitConverter.TryWriteBytes(whole.AsSpan(4), System.IO.Hashing.XxHash64.HashToUInt64(whole.AsSpan(12)));
        return whole;
    }

    private static RecordScope Api(params (string Kind, string Key, string Json)[] records) =>
        RecordBook.Of(Array.ConvertAll(records, record => ("restapis/a1", record.Kind, Of(record.Key, record.Json)))).ScopeOrNull("restapis/a1")!;

    private static Record Of(string key, string json) => new(key, Encoding.UTF8.GetBytes(json));

    private static string[] Lines(RecordScope scope) =>
        [.. scope.Kinds.SelectMany(kind => scope.All(kind).Select(record => $"{kind} {record.Key} {Encoding.UTF8.GetString(record.Json.Span)}")).Order(StringComparer.Ordinal)];
}
