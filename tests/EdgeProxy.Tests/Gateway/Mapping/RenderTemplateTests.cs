using EdgeProxy.Core.Concurrency;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.TestKit;

namespace EdgeProxy.Tests.Gateway.Mapping;

public sealed class RenderTemplateTests : IDisposable
{
    private const string Body = """{"id":17,"note":"a \"b\" \u00e9","items":[{"sku":"A-1","n":1},{"sku":"B-2","n":2},{"sku":"C-3","n":3,"x":[1, 2]}]}""";
    private const string Mapped = """{"id": 17, "note": "a \"b\" Ã©", "skus": "A-1 B-2 C-3 ", "last": {"sku":"C-3","n":3,"x":[1,2]}}""";
    private const string Answer = """{"state":"accepted","lines":[{"a":1},{"a":2}]}""";
    private const string MappedAnswer = """{"state": "accepted", "lines": [{"a":1},{"a":2}]}""";
    private const string Head = "POST /orders HTTP/1.1\nHost: node\nContent-Type: application/json\nContent-Length: ";

    private const string Document = """
        openapi: "3.0.1"
        info: { title: orders, version: "1" }
        paths:
          /orders:
            post:
              x-amazon-apigateway-request-validator: body
              requestBody: { content: { application/json: { schema: { $ref: "#/components/schemas/Order" } } } }
              responses: { "200": { description: The order. } }
              x-amazon-apigateway-integration:
                type: http
                httpMethod: POST
                uri: http://backend/orders
                passthroughBehavior: never
                requestTemplates:
                  application/json: >-
                    #set($o = $input.path('$')){"id": $o.id, "note": $input.json('$.note'), "skus": "#foreach($i in $o.items)$i.sku #end", "last": $input.json('$.items[2]')}
                responses:
                  default:
                    statusCode: "200"
                    responseTemplates:
                      application/json: >-
                        {"state": $input.json('$.state'), "lines": $input.json('$.lines')}
        components:
          schemas:
            Order:
              type: object
              required: [id, items]
              properties:
                id: { type: integer, minimum: 1 }
                note: { type: string, maxLength: 80 }
                items:
                  type: array
                  items: { type: object, required: [sku], properties: { sku: { type: string, minLength: 3, maxLength: 3 }, n: { type: number, minimum: 1 } } }
        x-amazon-apigateway-request-validators:
          body: { validateRequestBody: true, validateRequestParameters: false }
        """;

    private readonly TestGateway _gateway = new();

    public void Dispose() => _gateway.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Bodies_are_validated_and_mapped_alike_wherever_they_are_split(bool copies)
    {
        _gateway.ServeDocument(Document);
        _gateway.Upstream.CopiesBody = copies;
        for (int at = 0; at <= Body.Length; at++)
        {
            string[] answers = at > 0 && at < Answer.Length ? [Answer[..at], Answer[at..]] : [Answer];
            _gateway.Upstream.Answer($"HTTP/1.1 200 OK\nContent-Length: {Answer.Length}", answers);
            string[] bodies = at > 0 && at < Body.Length ? [Body[..at], Body[at..]] : [Body];
            FakeExchange client = _gateway.Send(Head + Body.Length, bodies);
            Assert.Equal((at, 200, Mapped, MappedAnswer), (at, client.Response.Status, _gateway.Upstream.Body, client.SentText));
            Assert.Equal(Mapped.Length, _gateway.Upstream.ContentLength);
            Assert.Equal(0, _gateway.Loop.Buffers.Leased);
        }
    }

    [Fact]
    public void Damaged_bodies_are_refused_or_mapped_and_never_throw()
    {
        _gateway.ServeDocument(Document);
        _gateway.Upstream.Answer($"HTTP/1.1 200 OK\nContent-Length: {Answer.Length}", Answer);
        var random = new Random(41);
        int passed = 0;
        for (int i = 0; i < 3000; i++)
        {
            char[] body = Body.ToCharArray();
            for (int n = random.Next(3); n >= 0; n--) body[random.Next(body.Length)] = (char)(random.Next(2) == 0 ? random.Next(256) : "{}[]\",:0-e\\ x\n."[random.Next(15)]);
            int status = _gateway.Send(Head + body.Length, new string(body)).Response.Status;
            Assert.True(status is 200 or 400, $"{status} {new string(body)}");
            if (status == 200) passed++;
        }

        Assert.InRange(passed, 100, 2900);
        Assert.Equal(0, _gateway.Loop.Buffers.Leased);
    }

    [Fact]
    public void A_request_that_waits_between_validation_and_template_is_mapped_by_its_own_body()
    {
        _gateway.RouteSettings = new RouteSettings { Concurrency = new ConcurrencyCap(Max: 1, Queue: 10, WaitNanoseconds: long.MaxValue / 4) };
        _gateway.ServeDocument(Document);
        _gateway.Upstream.Answer($"HTTP/1.1 200 OK\nContent-Length: {Answer.Length}", Answer);
        _gateway.Upstream.Waits = true;
        FakeExchange[] clients = [.. Enumerable.Range(0, 4).Select(_ => new FakeExchange(_gateway.Loop))];
        List<LoopTask> walks = [];
        string BodyOf(int id) => Body.Replace("17", $"1{id}", StringComparison.Ordinal).Replace("C-3", $"C-{id}", StringComparison.Ordinal);
        for (int i = 0; i < clients.Length; i++) walks.Add(_gateway.Start(clients[i], Head + Body.Length, BodyOf(i)));
        for (int i = 0; i < clients.Length; i++)
        {
            Assert.Equal(Mapped.Replace("17", $"1{i}", StringComparison.Ordinal).Replace("C-3", $"C-{i}", StringComparison.Ordinal), _gateway.Upstream.Body);
            _gateway.Upstream.Respond();
            _gateway.Loop.Run();
            Assert.True(walks[i].IsCompleted);
            Assert.Equal(MappedAnswer, clients[i].SentText);
        }
    }

    [Fact]
    public void What_a_template_wrote_stays_while_its_call_waits_for_a_connection()
    {
        _gateway.ServeDocument(Document);
        _gateway.Upstream.CopiesBody = _gateway.Upstream.ConnectsLate = true;
        _gateway.Upstream.Answer($"HTTP/1.1 200 OK\nContent-Length: {Answer.Length}", Answer);
        LoopTask walk = _gateway.Start(Head + Body.Length, Body);
        Assert.Equal(1, _gateway.Loop.Buffers.Leased);

        // Another run writes over the loop's memory.
        _gateway.Context.Services.Rendered.Clear();
        _gateway.Context.Services.Rendered.Write("something else that is longer than what it was, to be sure that nothing of that is left of it at all"u8);
        _gateway.Upstream.Connect();
        _gateway.Loop.Run();
        Assert.True(walk.IsCompleted);
        Assert.Equal(Mapped, _gateway.Upstream.Body);
    }

    [Fact]
    public void A_body_that_was_refused_stays_while_its_client_takes_the_answer_slowly()
    {
        _gateway.ServeDocument(Document);
        _gateway.Exchange.Room = 0;
        LoopTask walk = _gateway.Start(Head + "11", """{"id": "x"}""");
        Assert.False(walk.IsCompleted);
        Assert.Equal((400, false, 11), (_gateway.Exchange.Response.Status, _gateway.Context.Body.IsBorrowed, _gateway.Context.Body.Length));
        Assert.Equal(1, _gateway.Loop.Buffers.Leased);
        _gateway.Exchange.TakeSent();
        _gateway.Loop.Run();
        Assert.True(walk.IsCompleted);
        Assert.Equal(0, _gateway.Loop.Buffers.Leased);
    }

    [Fact]
    public void A_body_that_is_on_its_way_is_no_longer_held()
    {
        _gateway.ServeDocument(Document);
        _gateway.Upstream.CopiesBody = _gateway.Upstream.Waits = true;
        _gateway.Upstream.Answer($"HTTP/1.1 200 OK\nContent-Length: {Answer.Length}", Answer);
        LoopTask walk = _gateway.Start(Head + Body.Length, Body);
        Assert.Equal((Mapped, 0), (_gateway.Upstream.Body, _gateway.Loop.Buffers.Leased));
        _gateway.Upstream.Respond();
        _gateway.Loop.Run();
        Assert.True(walk.IsCompleted);
        Assert.Equal(MappedAnswer, _gateway.Exchange.SentText);
    }
}
