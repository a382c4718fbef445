using EdgeProxy.Conformance.Tests.Rfc9112;
using EdgeProxy.Http.Http1;
using EdgeProxy.Http.Messages;

namespace EdgeProxy.Conformance.Tests.Rfc9110;

public sealed class Section10_1_1_Expect
{
    [Theory]
    [InlineData("HTTP/1.1", "Expect: 100-continue\r\nContent-Length: 5", true)]
    [InlineData("HTTP/1.1", "Expect: 100-Continue\r\nTransfer-Encoding: chunked", true)]
    [InlineData("HTTP/1.1", "Expect: 100-continue\r\nContent-Length: 0", false)]
    [InlineData("HTTP/1.1", "Expect: 100-continue", false)]
    [InlineData("HTTP/1.1", "Expect:\r\nContent-Length: 5", false)]
    [InlineData("HTTP/1.1", "Content-Length: 5", false)]
    [InlineData("HTTP/1.0", "Expect: 100-continue\r\nContent-Length: 5", false)]
    public void Expects_continue_only_for_a_body_and_from_http_1_1(string version, string lines, bool expects) =>
        Assert.Equal(expects, Heads.Accept($"POST / {version}\r\nHost: a\r\n{lines}\r\n\r\n").ExpectsContinue);

    [Theory]
    [InlineData("100-continued")]
    [InlineData("200-ok")]
    [InlineData("100-continue, 100-continue")]
    [InlineData("100-continue; x")]
    public void Answers_417_to_other_expectations(string value)
    {
        Heads.Refuse($"POST / HTTP/1.1\r\nHost: a\r\nExpect: {value}\r\n\r\n", ViolationCode.UnknownExpectation);
        Assert.Equal(417, ViolationAnswers.StatusOf(ViolationCode.UnknownExpectation));
    }
}
