using System.Text.RegularExpressions;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.TestKit;
using EdgeProxy.Tests.Gateway;
using static EdgeProxy.Tests.Gateway.TestGateway;

namespace EdgeProxy.Conformance.Tests.ApiGateway;

/// <summary>rest-api.md 5.9 for HTTP and HTTP_PROXY.</summary>
public sealed class Rest_5_9_Selection : IDisposable
{
    private readonly TestGateway _gateway = new();

    public void Dispose() => _gateway.Dispose();

    [Theory]
    [InlineData(404, "200:;400:4\\d{2}", 400)]
    [InlineData(201, "200:;400:4\\d{2}", 200)]
    [InlineData(400, "200:", 200)]
    [InlineData(404, "400:4\\d{2};499:404;200:", 400)]
    [InlineData(404, "400:40;200:", 200)]
    [InlineData(200, "201:.*;200:", 201)]
    [InlineData(404, "400:400;200:", 200)]
    [InlineData(404, "400:400", 500)]
    public void An_http_backends_status_chooses_the_response(int backend, string responses, int expected)
    {
        _gateway.Route("GET /", HttpBackend("http://backend/", responses: Selection(responses))).Serve();
        _gateway.Upstream.Answer($"HTTP/1.1 {backend} X\nContent-Length: 4", "body");
        FakeExchange answer = _gateway.Send("GET / HTTP/1.1");
        Assert.Equal(expected, answer.Response.Status);
        Assert.Equal(expected == 500 ? "{\"message\": \"Internal server error\"}" : "body", answer.SentText);
    }

    [Fact]
    public void A_proxys_status_passes()
    {
        _gateway.Route("GET /", Proxy("http://backend/")).Serve();
        _gateway.Upstream.Answer("HTTP/1.1 400 Bad\nContent-Length: 0", "");
        Assert.Equal(400, _gateway.Send("GET / HTTP/1.1").Response.Status);
    }

    [Fact]
    public void A_status_without_a_method_response_is_a_configuration_error()
    {
        _gateway.Route("GET /", HttpBackend("http://backend/", responses: Single(new ResponsePlan { Status = 200, IsDeclared = false }))).Serve();
        FakeExchange answer = _gateway.Send("GET / HTTP/1.1");
        Assert.Equal(500, answer.Response.Status);
        Assert.Equal("{\"message\": \"Internal server error\"}", answer.SentText);
    }

    [Theory]
    [InlineData("text/plain", "text/plain", "plain")]
    [InlineData("text/plain;q=1, application/json", "text/plain", "plain")]
    [InlineData("image/png", "application/json", "json")]
    [InlineData(null, "application/json", "json")]
    public void Accept_chooses_the_response_template(string? accept, string contentType, string body)
    {
        _gateway.Route("GET /", HttpBackend("http://backend/", responses: Single(new ResponsePlan
        {
            Status = 200,
            Templates = [new BodyTemplate("text/plain", "plain"), new BodyTemplate("application/json", "json")],
        }))).Serve();
        _gateway.Upstream.Answer("HTTP/1.1 200 OK\nContent-Length: 4", "body");
        FakeExchange answer = _gateway.Send("GET / HTTP/1.1\nHost: node" + (accept is null ? "" : "\nAccept: " + accept));
        Assert.Equal(contentType, answer.ResponseField("Content-Type"));
        Assert.Equal(body, answer.SentText);
        Assert.True(_gateway.Upstream.IsReturned);
    }

    // "200:;400:4\d{2}": status and pattern of each response; no pattern for the default.
    private static ResponseSelection Selection(string text)
    {
        string[][] rows = [.. text.Split(';').Select(row => row.Split(':'))];
        return new ResponseSelection(
            [.. rows.Select(row => new ResponsePlan { Status = int.Parse(row[0], null) })],
            (i, status) => rows[i][1].Length > 0 && Regex.IsMatch(status, $"\\A(?:{rows[i][1]})\\z"),
            Array.FindIndex(rows, row => row[1].Length == 0));
    }
}
