using System.Text;
using System.Text.Json;
using EdgeProxy.Telemetry.Logging;
using EdgeProxy.TestKit;

namespace EdgeProxy.Tests.Telemetry.Logging;

public sealed class JsonLineWriterTests
{
    [Fact]
    public void Writes_one_object_on_one_line()
    {
        Span<byte> room = stackalloc byte[256];
        var line = new JsonLineWriter(room);
        line.Text("text"u8, "plain"u8);
        line.Number("whole"u8, -42);
        line.Number("real"u8, 0.25);
        line.Number("nan"u8, double.NaN);
        line.Boolean("yes"u8, true);
        line.Boolean("no"u8, false);
        line.Null("nothing"u8);
        line.Json("list"u8, "[1,2]"u8);
        line.Text("chars"u8, "späße".AsSpan());
        int length = line.End();
        Assert.Equal(
            """{"text":"plain","whole":-42,"real":0.25,"nan":null,"yes":true,"no":false,"nothing":null,"list":[1,2],"chars":"späße"}""" + "\n",
            Encoding.UTF8.GetString(room[..length]));
    }

    [Fact]
    public void Writes_an_empty_object()
    {
        Span<byte> room = stackalloc byte[3];
        var line = new JsonLineWriter(room);
        Assert.Equal(3, line.End());
        Assert.Equal("{}\n", Encoding.UTF8.GetString(room));
    }

    [Theory]
    [InlineData("\"\\/", "\\\"\\\\/")]
    [InlineData("a\r\n\tb", "a\\r\\n\\tb")]
    [InlineData("\0\u001b[31m\u007f", "\\u0000\\u001b[31m\\u007f")]
    [InlineData("\u0085\u009b", "\\u0085\\u009b")]
    [InlineData("\u2028\u2029", "\\u2028\\u2029")]
    [InlineData("é€😀", "é€😀")]
    public void Escapes_what_could_break_a_line_or_a_terminal(string value, string written)
    {
        Assert.Equal($"{{\"v\":\"{written}\"}}\n", Render(Encoding.UTF8.GetBytes(value)));
        var room = new byte[256];
        var line = new JsonLineWriter(room);
        line.Text("v"u8, value.AsSpan());
        Assert.Equal($"{{\"v\":\"{written}\"}}\n", Encoding.UTF8.GetString(room, 0, line.End()));
    }

    [Fact]
    public void Replaces_what_is_not_utf8()
    {
        Assert.Equal("{\"v\":\"a\\ufffdb\"}\n", Render([(byte)'a', 0xFF, (byte)'b']));
        Assert.Equal("{\"v\":\"\\ufffd\"}\n", Render([0xE2, 0x82])); // cut short
        Assert.Equal("{\"v\":\"\\ufffd\\ufffd\"}\n", Render([0xC0, 0x80])); // overlong NUL
        var room = new byte[64];
        var line = new JsonLineWriter(room);
        line.Text("v"u8, "\ud800x".AsSpan()); // half a pair
        Assert.Equal("{\"v\":\"\\ufffdx\"}\n", Encoding.UTF8.GetString(room, 0, line.End()));
    }

    [Fact]
    public void Gives_any_bytes_back_through_a_json_parser_as_one_line_of_text()
    {
        var random = new Random(7);
        for (int i = 0; i < 5000; i++)
        {
            var value = new byte[random.Next(40)];
            random.NextBytes(value);
            string line = Render(value);
            Assert.Equal(line.Length - 1, line.IndexOf('\n'));
            using JsonDocument document = JsonDocument.Parse(line);
            Assert.Equal(Encoding.UTF8.GetString(value), document.RootElement.GetProperty("v").GetString());
        }
    }

    [Fact]
    public void Answers_nothing_when_the_line_does_not_fit_at_every_size_that_is_too_small()
    {
        static int Write(Span<byte> room)
        {
            var line = new JsonLineWriter(room);
            line.Text("a"u8, "x\ny\u0001é"u8);
            line.Number("b"u8, 123);
            line.Number("c"u8, 1.5);
            line.Text("d"u8, "xyz\n".AsSpan());
            line.Boolean("e"u8, true);
            return line.End();
        }

        int whole = Write(new byte[200]);
        Assert.True(whole > 0);
        for (int size = 0; size < whole; size++) Assert.Equal(0, Write(new byte[size]));
        Assert.Equal(whole, Write(new byte[whole]));
    }

    [Fact]
    public void Needs_no_more_room_than_it_promises()
    {
        var value = new byte[100]; // NUL: six bytes each
        var room = new byte[(value.Length * JsonLineWriter.MaxExpansion) + "{\"v\":\"\"}\n".Length];
        var line = new JsonLineWriter(room);
        line.Text("v"u8, value);
        Assert.Equal(room.Length, line.End());
    }

    [Theory]
    [InlineData("abcdef", 3, "abc")]
    [InlineData("abc", 3, "abc")]
    [InlineData("aé", 2, "a")]
    [InlineData("a€", 3, "a")]
    [InlineData("a😀b", 4, "a")]
    [InlineData("a😀b", 5, "a😀")]
    [InlineData("abc", 0, "")]
    public void Cuts_a_long_text_between_characters(string value, int maxBytes, string written)
    {
        var room = new byte[64];
        var line = new JsonLineWriter(room);
        line.Text("v"u8, Encoding.UTF8.GetBytes(value), maxBytes);
        Assert.Equal($"{{\"v\":\"{written}\"}}\n", Encoding.UTF8.GetString(room, 0, line.End()));
    }

    [Fact]
    public void Allocates_nothing()
    {
        var room = new byte[512];
        var timestamps = new LogTimestamps();
        Assert.NotEqual(0, WriteTypical(room, timestamps, 1_700_000_000_000));
        Assert.Equal(0, AllocationProbe.Least(() =>
        {
            for (int i = 0; i < 1000; i++) WriteTypical(room, timestamps, 1_700_000_000_000 + (i * 37));
        }));
    }

    private static int WriteTypical(byte[] room, LogTimestamps timestamps, long now)
    {
        var line = new JsonLineWriter(room);
        line.Text("ts"u8, timestamps.Rfc3339(now));
        line.Text("time"u8, timestamps.CommonLog(now));
        line.Text("path"u8, "/pets/1?q=\u0001é\"\xFF"u8);
        line.Number("status"u8, 200);
        line.Number("seconds"u8, 0.0123);
        return line.End();
    }

    private static string Render(byte[] value)
    {
        var room = new byte[512];
        var line = new JsonLineWriter(room);
        line.Text("v"u8, value);
        return Encoding.UTF8.GetString(room, 0, line.End());
    }
}
