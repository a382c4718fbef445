using System.Text;
using EdgeProxy.ControlPlane.Wire;

namespace EdgeProxy.Tests.ControlPlane.Wire;

public sealed class WireValueTests
{
    [Theory]
    [InlineData("""{"a":1,"b":[true,null,"x"],"c":{"d":1.50e3}}""")]
    [InlineData("""[]""")]
    [InlineData("\"\u00e4 \\\" \\n\"")]
    public void Writes_what_it_read(string json) => Assert.Equal(json, WireValue.Parse(Encoding.UTF8.GetBytes(json)).ToString());

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{} {}")]
    [InlineData("{'a':1}")]
    [InlineData("\"\\ud800\"")]
    public void Refuses_what_is_not_one_JSON_value(string json) => Assert.False(WireValue.TryParse(Encoding.UTF8.GetBytes(json), out _));

    [Fact]
    public void Refuses_nesting_that_recursion_could_not_bear() => Assert.False(WireValue.TryParse(Encoding.UTF8.GetBytes(new string('[', 10_000)), out _));

    [Theory]
    [InlineData("""{"a":1,"a":2}""")]
    public void Takes_the_last_of_members_that_come_twice(string json) => Assert.Equal(2, WireValue.Parse(Encoding.UTF8.GetBytes(json)).NumberOf("a"));

    [Fact]
    public void Takes_the_last_of_members_that_come_twice_in_large_objects()
    {
        string json = "{" + string.Join(",", Enumerable.Range(0, 100).Select(i => $"\"m{i % 60}\":{i}")) + "}";
        Assert.Equal(99, WireValue.Parse(Encoding.UTF8.GetBytes(json)).NumberOf("m39"));
    }

    [Fact]
    public void Setting_a_member_to_nothing_removes_it()
    {
        WireValue value = WireValue.NewObject().Set("a", "x").Set("b", 1);
        value.Set("a", (string?)null);
        Assert.Equal("""{"b":1}""", value.ToString());
    }

    [Fact]
    public void A_copy_shares_nothing()
    {
        WireValue value = WireValue.Parse("""{"list":[{"a":"b"}]}"""u8);
        WireValue copy = value.Clone();
        copy["list"]!.Items[0].Set("a", "c");
        Assert.Equal("""{"list":[{"a":"b"}]}""", value.ToString());
    }
}
