using EdgeProxy.Http.Http1;
using EdgeProxy.Http.Messages;

namespace EdgeProxy.Conformance.Tests.Rfc9112;

public sealed class Section5_FieldSyntax
{
    [Fact]
    public void Keeps_names_as_sent_in_order_with_duplicates()
    {
        RequestHead head = Read("X-One: 1\r\nx-TWO: 2\r\nX-One: 3\r\n");
        Assert.Equal(4, head.Headers.Count);
        Assert.Equal(("X-One", "1"), Field(head, 1));
        Assert.Equal(("x-TWO", "2"), Field(head, 2));
        Assert.Equal(("X-One", "3"), Field(head, 3));
    }

    [Fact]
    public void Recognises_known_names_without_case()
    {
        RequestHead head = Read("CONTENT-type: a\r\nx-forwarded-FOR: b\r\nX-Unknown: c\r\n");
        Assert.Equal(KnownHeader.Host, head.Headers[0].Known);
        Assert.Equal(KnownHeader.ContentType, head.Headers[1].Known);
        Assert.Equal(KnownHeader.XForwardedFor, head.Headers[2].Known);
        Assert.Equal(KnownHeader.Other, head.Headers[3].Known);
    }

    [Theory]
    [InlineData("X:y", "y")]
    [InlineData("X: y", "y")]
    [InlineData("X:  \t y \t ", "y")]
    [InlineData("X: a b\tc", "a b\tc")]
    [InlineData("X:", "")]
    [InlineData("X: ", "")]
    [InlineData("X: \t \t", "")]
    [InlineData("X: \u0080\u00ff\u00e9", "\u0080\u00ff\u00e9")]
    [InlineData("X: a:b: c", "a:b: c")]
    [InlineData("X: ~!@#$%^&*()_+{}|\"<>?`", "~!@#$%^&*()_+{}|\"<>?`")]
    public void Reads_a_value_without_the_space_around_it(string line, string value) => Assert.Equal(("X", value), Field(Read(line + "\r\n"), 1));

    [Theory]
    [InlineData("X : y")]
    [InlineData("X\t: y")]
    [InlineData("X y: z")]
    [InlineData("Content-Length : 5")]
    [InlineData("Transfer-Encoding\t: chunked")]
    public void Refuses_a_space_before_the_colon(string line) => Refuse(line, ViolationCode.SpaceBeforeColon);

    [Theory]
    [InlineData(": y")]
    [InlineData("X\u0001: y")]
    [InlineData("X\0: y")]
    [InlineData("Xé: y")]
    [InlineData("X(: y")]
    [InlineData("X,: y")]
    [InlineData("\"X\": y")]
    [InlineData("X@y: z")]
    [InlineData("[X]: y")]
    [InlineData("Content\u000bLength: 5")]
    [InlineData("Content-Length\u007f: 5")]
    public void Refuses_a_name_that_is_no_token(string line) => Refuse(line, ViolationCode.BadHeaderName);

    [Theory]
    [InlineData("X")]
    [InlineData("Just-some-text")]
    [InlineData("a\rb: c")]
    public void Refuses_a_line_without_a_colon(string line) => Refuse(line, ViolationCode.MissingHeaderColon);

    [Fact]
    public void Refuses_every_control_byte_in_a_value_but_tab()
    {
        for (int value = 0; value < 256; value++)
        {
            if (value is '\r' or '\n') continue;
            string line = $"X: a{(char)value}b";
            if (value is not '\t' and (< 0x20 or 0x7F)) Refuse(line, ViolationCode.BadHeaderValue);
            else Assert.Equal(("X", $"a{(char)value}b"), Field(Read(line + "\r\n"), 1));
        }
    }

    [Theory]
    [InlineData("X: a\r\n b")]
    [InlineData("X: a\r\n\tb")]
    [InlineData("X: a\r\n ")]
    [InlineData("X:\r\n a")]
    [InlineData("Content-Type: a;\r\n b")]
    public void Refuses_folded_lines(string line) => Refuse(line, ViolationCode.MultilineHeader);

    [Fact]
    public void Looks_far_into_long_values()
    {
        foreach (int length in new[] { 15, 16, 17, 31, 32, 33, 63, 64, 65, 127, 500 })
        {
            string value = new('v', length);
            Assert.Equal(("X", value), Field(Read($"X: {value}\r\n"), 1));
            Refuse($"X: {value}\0", ViolationCode.BadHeaderValue);
            Refuse($"X: {value}\u001f{value}", ViolationCode.BadHeaderValue);
        }
    }

    [Fact]
    public void Refuses_a_name_with_an_underscore_beside_its_twin_only_when_asked_to()
    {
        const string head = "GET / HTTP/1.1\r\nHost: a\r\nX-User_Id: 1\r\nx-user-ID: 2\r\n\r\n";
        Heads.Accept(head);
        var options = new ParseOptions { RejectUnderscore = true };
        Heads.Refuse(head, ViolationCode.UnderscoreHeader, options, Heads.Limits);
        Heads.Accept("GET / HTTP/1.1\r\nHost: a\r\nX_User: 1\r\nX-Usa: 2\r\n\r\n", options, Heads.Limits);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nX : y\r\n\r\n", ViolationCode.SpaceBeforeColon)]
    [InlineData("HTTP/1.1 200 OK\r\nX: y\r\n z\r\n\r\n", ViolationCode.MultilineHeader)]
    [InlineData("HTTP/1.1 200 OK\r\nX: y\n\r\n", ViolationCode.NonCrLfLineTermination)]
    [InlineData("HTTP/1.1 200 OK\r\nX: \0\r\n\r\n", ViolationCode.BadHeaderValue)]
    [InlineData("HTTP/1.1 200 OK\r\n X: y\r\n\r\n", ViolationCode.BadHeaderName)]
    public void Holds_responses_to_the_same_rules(string head, ViolationCode violation) => Heads.RefuseResponse(head, violation);

    private static RequestHead Read(string lines) => Heads.Accept("GET / HTTP/1.1\r\nHost: a\r\n" + lines + "\r\n");

    private static void Refuse(string line, ViolationCode violation) => Heads.Refuse("GET / HTTP/1.1\r\nHost: a\r\n" + line + "\r\n\r\n", violation);

    private static (string Name, string Value) Field(RequestHead head, int index) =>
        (Heads.Text(head.Headers.Name(index)), Heads.Text(head.Headers.Value(index)));
}
