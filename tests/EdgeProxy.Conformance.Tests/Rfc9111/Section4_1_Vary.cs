using System.Text;
using EdgeProxy.Core.Buffers;
using EdgeProxy.Gateway.Caching.Freshness;
using static EdgeProxy.Conformance.Tests.Rfc9111.StoredAnswers;

namespace EdgeProxy.Conformance.Tests.Rfc9111;

public sealed class Section4_1_Vary
{
    [Theory]
    [InlineData("Vary: Accept", "accept")]
    [InlineData("Vary: Origin, Accept-Language,origin\nVary: ACCEPT", "accept accept-language origin")]
    [InlineData("Vary: , ,accept,", "accept")]
    [InlineData("Vary:", "")]
    [InlineData("ETag: \"1\"", "")]
    public void Takes_the_names_of_all_lines_once_and_in_order(string fields, string names) => Assert.Equal(names, Names(fields));

    [Theory]
    [InlineData("Vary: *")]
    [InlineData("Vary: Accept, *")]
    [InlineData("Vary: Accept\nVary: *")]
    public void An_answer_that_varies_by_anything_matches_no_request(string fields) => Assert.Null(Names(fields));

    [Fact]
    public void More_names_than_there_is_room_for_are_refused()
    {
        Assert.NotNull(Names("Vary: " + new string('a', 63)));
        Assert.Null(Names("Vary: " + new string('a', 64)));
        Assert.Null(Names("Vary: " + string.Join(',', Enumerable.Range(0, 30).Select(n => "name" + n))));
    }

    [Fact]
    public void Names_known_before_stay()
    {
        Assert.Equal("accept origin", Names("Vary: accept", known: "accept\0origin\0"));
        Assert.Equal("accept origin", Names("Vary: origin", known: "accept\0"));
        Assert.Equal("accept cookie origin", Names("Vary: Cookie", known: "accept\0origin\0"));
    }

    [Theory]
    [InlineData("Accept: a/b", "Accept: a/b")]
    [InlineData("Accept: a/b", "ACCEPT:   a/b ")]
    [InlineData("Accept: a/b, c/d", "Accept: a/b\nAccept: c/d")]
    [InlineData("Accept: a/b,c/d", "Accept: a/b \t,\t c/d")]
    [InlineData("Accept: a/b\nAccept-Encoding: gzip, br;q=0.5", "Accept-Encoding: GZIP,br; q=0.5\nAccept: a/b")]
    [InlineData("Cookie: x=1", "Cookie: x=2")]
    [InlineData("", "Host: h")]
    public void Requests_match_whose_fields_are_the_same_but_for_white_space_and_lines(string left, string right) => Assert.Equal(Key(left), Key(right));

    [Theory]
    [InlineData("Accept: a/b", "")]
    [InlineData("Accept: a/b", "Accept: A/b")]
    [InlineData("Accept: a/b, c/d", "Accept: c/d, a/b")]
    [InlineData("Accept: a", "Accept-Encoding: a")]
    [InlineData("Accept:", "")]
    [InlineData("Accept: \"a , b\"", "Accept: \"a,b\"")]
    public void Other_requests_do_not(string left, string right) => Assert.NotEqual(Key(left), Key(right));

    [Fact]
    public void No_bytes_of_a_vary_make_it_fail()
    {
        var random = new Random(9111);
        byte[] room = new byte[48];
        for (int round = 0; round < 20_000; round++)
        {
            string value = string.Concat(Enumerable.Range(0, random.Next(40)).Select(_ => ",, \tabcABC*\0\u00ff\"="[random.Next(15)]));
            if (!VaryNames.TryCollect(Fields("Vary: " + value), default, room, out int length)) continue;
            string[] names = Encoding.Latin1.GetString(room, 0, length).Split('\0', StringSplitOptions.RemoveEmptyEntries);
            Assert.Equal(names.Order(StringComparer.Ordinal).Distinct(), names);
            Assert.DoesNotContain("*", names);
        }
    }

    private static string? Names(string fields, string known = "")
    {
        byte[] room = new byte[64];
        return VaryNames.TryCollect(Fields(fields), Encoding.Latin1.GetBytes(known), room, out int length) ? Encoding.Latin1.GetString(room, 0, length).TrimEnd('\0').Replace('\0', ' ') : null;
    }

    private static string Key(string request)
    {
        byte[] room = new byte[256];
        var key = new ByteWriter(room);
        VaryNames.AddValues("accept\0accept-encoding\0"u8, Fields(request), ref key);
        Assert.False(key.Overflowed);
        return Encoding.Latin1.GetString(key.Written);
    }
}
