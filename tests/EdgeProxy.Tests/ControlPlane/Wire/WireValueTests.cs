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
    public void Objects_of_any_width_find_set_and_remove_members_alike()
    {
        var random = new Random(11);
        WireValue value = WireValue.NewObject();
        var expected = new Dictionary<string, string>(StringComparer.Ordinal);
        for (int i = 0; i < 20_000; i++)
        {
            // Wide for a while, then narrow, so that the table comes and goes.
            string name = "m" + random.Next(i / 2000 % 2 == 0 ? 90 : 20);
            switch (random.Next(8))
            {
                case 0:
                    value[name] = null;
                    expected.Remove(name);
                    break;
                case 1 when !expected.ContainsKey(name):
                    value.Add(name, WireValue.Of(name));
                    expected.Add(name, name);
                    break;
                case 2 when random.Next(20) == 0:
                    char last = name[^1];
                    value.KeepMembers(member => member[^1] != last);
                    foreach (string gone in expected.Keys.Where(member => member[^1] == last).ToList()) expected.Remove(gone);
                    break;
                case 3 or 4:
                    value.Set(name, $"{i}");
                    expected[name] = $"{i}";
                    break;
                default:
                    Assert.Equal(expected.GetValueOrDefault(name), value.TextOf(name));
                    break;
            }
        }

        Assert.Equal(expected.Count, value.Members.Count);
    }

    [Fact]
    public void A_wide_object_is_read_in_time_that_its_width_does_not_square()
    {
        string json = "{" + string.Join(",", Enumerable.Range(0, 300_000).Select(i => $"\"m{i}\":{i}")) + "}";
        WireValue value = WireValue.Parse(Encoding.UTF8.GetBytes(json));
        for (int i = 0; i < 300_000; i++) Assert.Equal(i, value.NumberOf("m" + i));
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
