using System.Text;
using System.Text.Json;
using EdgeProxy.Load.Backend;
using EdgeProxy.Load.Messages;

namespace EdgeProxy.Tests.Load.Backend;

public sealed class AnswersTests
{
    [Theory]
    [InlineData("/bytes/5", "Content-Length: 5\r\n\r\nabcde")]
    [InlineData("/bytes/5?x=1", "Content-Length: 5\r\n\r\nabcde")]
    [InlineData("/bytes", "Content-Length: 3\r\n\r\nabc")]
    [InlineData("/bytes/0", "Content-Length: 0\r\n\r\n")]
    [InlineData("/chunked/0", "chunked\r\n\r\n0\r\n\r\n")]
    public void Answers_made_up_content(string target, string end)
    {
        Answer answer = Ask($"GET {target} HTTP/1.1\r\n");

        Assert.StartsWith("HTTP/1.1 200 OK\r\n", Text(answer), StringComparison.Ordinal);
        Assert.EndsWith(end, Text(answer), StringComparison.Ordinal);
    }

    [Fact]
    public void Answers_that_may_be_kept_say_so()
    {
        string text = Text(Ask("GET /fresh/5?entry=7 HTTP/1.1\r\n"));

        Assert.Contains("Cache-Control: max-age=3600\r\n", text, StringComparison.Ordinal);
        Assert.EndsWith("Content-Length: 5\r\n\r\nabcde", text, StringComparison.Ordinal);
        Assert.EndsWith("Content-Length: 5\r\n\r\n", Text(Ask("HEAD /fresh/5 HTTP/1.1\r\n")), StringComparison.Ordinal);
    }

    [Fact]
    public void Makes_large_content_while_it_is_sent()
    {
        Answer answer = Ask("GET /bytes/10737418240 HTTP/1.1\r\n");

        Assert.Equal(10_737_418_240, answer.Stream);
        Assert.EndsWith("Content-Length: 10737418240\r\n\r\n", Text(answer), StringComparison.Ordinal);
    }

    [Fact]
    public void Sends_only_the_head_to_HEAD()
    {
        Assert.EndsWith("Content-Length: 5\r\n\r\n", Text(Ask("HEAD /bytes/5 HTTP/1.1\r\n")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/bytes/-1", 404)]
    [InlineData("/bytes/5x", 404)]
    [InlineData("/bytes/99999999999999999999", 404)]
    [InlineData("/status/418", 418)]
    [InlineData("/status/99", 400)]
    [InlineData("/pets/3", 200)]
    [InlineData("/pets/4", 404)]
    [InlineData("/pets/x", 404)]
    public void Chooses_the_status_by_the_path(string target, int status)
    {
        Assert.StartsWith($"HTTP/1.1 {status} ", Text(Ask($"GET {target} HTTP/1.1\r\n")), StringComparison.Ordinal);
    }

    [Fact]
    public void Echoes_the_request_as_JSON()
    {
        Answer answer = Ask("POST /echo?a=b HTTP/1.1\r\nHost: h\r\nX-Two: 1\r\nx-two: 2\r\n", "quote \" here");
        string text = Text(answer);
        using JsonDocument json = JsonDocument.Parse(text[text.IndexOf('{', StringComparison.Ordinal)..]);

        Assert.Equal("POST", json.RootElement.GetProperty("method").GetString());
        Assert.Equal("/echo", json.RootElement.GetProperty("path").GetString());
        Assert.Equal("a=b", json.RootElement.GetProperty("query").GetString());
        Assert.Equal("1, 2", json.RootElement.GetProperty("headers").GetProperty("X-Two").GetString());
        Assert.Equal("quote \" here", json.RootElement.GetProperty("body").GetString());
    }

    [Fact]
    public void Shows_no_body_behind_no_content()
    {
        Assert.EndsWith("\r\n\r\n", Text(Ask("GET /status/204 HTTP/1.1\r\n")), StringComparison.Ordinal);
    }

    private static Answer Ask(string head, string body = "")
    {
        Assert.True(RequestView.TryRead(Encoding.ASCII.GetBytes(head), out RequestView request));
        return new Answers(defaultSize: 3).To(request, body.Length, Encoding.ASCII.GetBytes(body));
    }

    private static string Text(Answer answer) => Encoding.ASCII.GetString(answer.Ready);
}
