using System.Text;
using System.Text.RegularExpressions;
using EdgeProxy.Telemetry.Tracing;
using EdgeProxy.TestKit;

namespace EdgeProxy.Tests.Telemetry.Tracing;

public sealed partial class RequestIdsTests
{
    [Fact]
    public void Writes_random_uuids_of_version_4()
    {
        var random = new FastRandom();
        var seen = new HashSet<string>();
        Span<byte> room = stackalloc byte[RequestIds.UuidLength];
        for (int i = 0; i < 1000; i++)
        {
            RequestIds.WriteUuid(random, room);
            string id = Encoding.ASCII.GetString(room);
            Assert.Matches(Uuid4(), id);
            Assert.True(RequestIds.IsUuid(room));
            Assert.True(seen.Add(id));
        }
    }

    [Fact]
    public void Writes_extended_ids_in_the_recorded_shape()
    {
        var random = new FastRandom();
        var seen = new HashSet<string>();
        Span<byte> room = stackalloc byte[RequestIds.ExtendedLength];
        for (int i = 0; i < 1000; i++)
        {
            RequestIds.WriteExtended(random, room);
            string id = Encoding.ASCII.GetString(room);
            Assert.Matches(Extended(), id);
            Assert.True(seen.Add(id));
        }
    }

    [Theory]
    [InlineData("3F2504E0-4F89-11D3-9A0C-0305E82C3301", true)]
    [InlineData("3f2504e0-4f89-41d3-9a0c-0305e82c3301", true)]
    [InlineData("3f2504e04f8941d39a0c0305e82c3301", false)]
    [InlineData("3f2504e0-4f89-41d3-9a0c-0305e82c330", false)]
    [InlineData("3f2504e0-4f89-41d3-9a0c-0305e82c33011", false)]
    [InlineData("3f2504e0-4f89-41d3-9a0c-0305e82c330g", false)]
    [InlineData("3f2504e0+4f89-41d3-9a0c-0305e82c3301", false)]
    [InlineData("", false)]
    public void Knows_the_shape_of_a_uuid(string text, bool isUuid)
    {
        Assert.Equal(isUuid, RequestIds.IsUuid(Encoding.ASCII.GetBytes(text)));
    }

    [Fact]
    public void Allocates_nothing()
    {
        var random = new FastRandom();
        var room = new byte[TraceId.MaxLength];
        Assert.Equal(0, AllocationProbe.Least(() =>
        {
            for (int i = 0; i < 1000; i++) Make(random, room);
        }));
    }

    private static void Make(FastRandom random, byte[] room)
    {
        RequestIds.WriteUuid(random, room);
        RequestIds.WriteExtended(random, room);
        TraceId.Complete("Self=1;Parent=53995c3f42cd8ad8"u8, TraceTrust.Trusted, 1, random, room);
        TraceId.Complete(default, TraceTrust.Trusted, 1, random, room);
    }

    [GeneratedRegex("^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$")]
    private static partial Regex Uuid4();

    [GeneratedRegex("^[A-Za-z0-9_-]{15}=$")]
    private static partial Regex Extended();
}
