using System.Text;
using System.Text.RegularExpressions;
using EdgeProxy.Telemetry.Tracing;

namespace EdgeProxy.Tests.Telemetry.Tracing;

public sealed partial class TraceIdTests
{
    private const string Root = "1-5759e988-bd862e3fe1be46a994272793";
    private const string Parent = "53995c3f42cd8ad8";

    [Fact]
    public void Makes_all_three_fields_when_nothing_came()
    {
        (string value, TraceId id) = Complete("");
        Assert.Matches(New(), value);
        Assert.StartsWith("Root=1-65d2ff2e-", value, StringComparison.Ordinal);
        Assert.False(id.IsSampled);
    }

    [Theory]
    [InlineData($"Root={Root};Parent={Parent};Sampled=1")]
    [InlineData($"Root={Root};Parent={Parent};Sampled=0")]
    [InlineData($"Root={Root};Parent={Parent};Sampled=?")]
    [InlineData($"sampled=1; PARENT={Parent}; root={Root}; Lineage=a87bd80c:1|68fd508a:5; Foo=Bar")]
    public void Keeps_a_full_value_byte_for_byte(string incoming)
    {
        (string value, TraceId id) = Complete(incoming);
        Assert.Equal(incoming, value);
        Assert.Equal(Root, value[id.Root]);
        Assert.Equal(incoming.Contains("ampled=1", StringComparison.Ordinal), id.IsSampled);
    }

    [Fact]
    public void Samples_what_came_with_a_parent_but_without_a_decision()
    {
        (string value, TraceId id) = Complete($"Root={Root};Parent={Parent}");
        Assert.Equal($"Root={Root};Parent={Parent};Sampled=1", value);
        Assert.True(id.IsSampled);
    }

    [Fact]
    public void Adds_a_parent_and_no_sampling_to_a_bare_root()
    {
        (string value, TraceId id) = Complete($"Root={Root}");
        Assert.Matches($"^Root={Root};Parent=[0-9a-f]{{16}};Sampled=0$", value);
        Assert.Equal(Root, value[id.Root]);
    }

    [Fact]
    public void Adds_a_root_and_keeps_the_fields_it_does_not_know()
    {
        (string value, _) = Complete($"Lineage=a:1; Self=1-2-3;Sampled=1;Parent={Parent};novalue;=x;k=");
        Assert.Matches($"^Root=1-65d2ff2e-[0-9a-f]{{24}};Parent={Parent};Sampled=1;Lineage=a:1;Self=1-2-3;k=$", value);
    }

    [Theory]
    [InlineData("Root=1-5759e988-bd862e3fe1be46a99427279")] // short
    [InlineData("Root=2-5759e988-bd862e3fe1be46a994272793")] // unknown version
    [InlineData("Root=1-5759e98x-bd862e3fe1be46a994272793")]
    [InlineData("Root=1-5759e988xbd862e3fe1be46a994272793")]
    [InlineData("Root=")]
    public void Replaces_a_malformed_root(string incoming)
    {
        (string value, _) = Complete(incoming + $";Parent={Parent};Sampled=1");
        Assert.Matches($"^Root=1-65d2ff2e-[0-9a-f]{{24}};Parent={Parent};Sampled=1$", value);
    }

    [Fact]
    public void Replaces_a_malformed_parent_and_decision()
    {
        (string value, _) = Complete($"Root={Root};Parent=xyz;Sampled=yes");
        Assert.Matches($"^Root={Root};Parent=[0-9a-f]{{16}};Sampled=0$", value);
    }

    [Fact]
    public void Takes_the_first_of_two()
    {
        (string value, _) = Complete($"Root={Root};Parent={Parent};Sampled=0;Sampled=1;Root=1-00000000-000000000000000000000000");
        Assert.Equal($"Root={Root};Parent={Parent};Sampled=0", value);
    }

    [Fact]
    public void Does_not_let_an_untrusted_peer_force_sampling()
    {
        (string value, TraceId id) = Complete($"Root={Root};Parent={Parent};Sampled=1;Lineage=x:1", TraceTrust.Untrusted);
        Assert.Matches($"^Root={Root};Parent=[0-9a-f]{{16}};Sampled=0;Lineage=x:1$", value);
        Assert.DoesNotContain(Parent, value, StringComparison.Ordinal);
        Assert.False(id.IsSampled);
    }

    [Fact]
    public void Drops_a_value_over_512_bytes_or_with_odd_bytes()
    {
        string full = $"Root={Root};Parent={Parent};Sampled=1;x=";
        string longest = full + new string('y', TraceId.MaxLength - full.Length);
        Assert.Equal(longest, Complete(longest).Value);
        Assert.Matches(New(), Complete(longest + "y").Value);
        Assert.Matches(New(), Complete(full + "\u0001").Value);
        Assert.Matches(New(), Complete(full + "é").Value);
    }

    [Fact]
    public void Fits_its_room_whatever_comes()
    {
        var random = new Random(11);
        string[] pieces = ["Root=", "Parent=", "Sampled=", ";", "=", " ", Root, Parent, "1", "?", "x", ";;", "k=v", "é"];
        for (int i = 0; i < 20_000; i++)
        {
            var incoming = new StringBuilder();
            while (incoming.Length < 500 && random.Next(25) != 0) incoming.Append(pieces[random.Next(pieces.Length)]);
            (string value, TraceId id) = Complete(incoming.ToString(), (TraceTrust)(i & 1));
            Assert.True(TraceId.IsRoot(Encoding.ASCII.GetBytes(value[id.Root])));
            Assert.Equal(value, Complete(value).Value); // what we complete is complete
        }
    }

    private static (string Value, TraceId Id) Complete(string incoming, TraceTrust trust = TraceTrust.Trusted)
    {
        var room = new byte[TraceId.MaxLength];
        TraceId id = TraceId.Complete(Encoding.UTF8.GetBytes(incoming), trust, 0x65d2ff2e, FastRandom.FromSeed(4), room);
        return (Encoding.ASCII.GetString(room, 0, id.Length), id);
    }

    [GeneratedRegex("^Root=1-[0-9a-f]{8}-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=0$")]
    private static partial Regex New();
}
