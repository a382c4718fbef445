using EdgeProxy.ControlPlane.Management;
using EdgeProxy.ControlPlane.Records;
using EdgeProxy.ControlPlane.Wire;
using EdgeProxy.TestKit;

namespace EdgeProxy.Tests.ControlPlane.Management;

public sealed class ManagementApiTests
{
    private static readonly Operation[] s_operations =
    [
        new("CreateThing", "POST /things", 201, "name*:str size:int kind:enum<IntegrationType> tags:map<str>", Create),
        new("ImportThing", "POST /things?mode=import", 201, "", static call => Reply.Of(WireValue.NewObject().Set("imported", call.Request.Body.Length))) { TakesRawBody = true },
        new("GetThings", "GET /things", 200, "", static call => Paging.List(call, call.Book.All("account", "thing"))),
        new("GetThing", "GET /things/{name}", 200, "", static call => call.Book.Find("account", "thing", call.Path("name")) is { } found ? Reply.Of(found) : Reply.NotFound("No such thing")),
        new("GetTags", "GET /tags/{arn+}", 200, "", static call => Reply.Of(WireValue.NewObject().Set("arn", call.Path("arn")))),
    ];

    private readonly ManagementHarness _harness = new(operations: s_operations);

    [Fact]
    public void Keeps_what_a_call_changed_before_it_answers_and_then_publishes_it()
    {
        Assert.Equal("""{"name":"a"}""", _harness.Do("POST /things", """{"name":"a"}""").ToString());
        Assert.Equal(1, _harness.Store.Commits);
        Assert.Equal("a", Assert.Single(Assert.Single(_harness.Publisher.Published)).Key);
        Assert.Equal("""{"name":"a"}""", _harness.Do("GET /things/a").ToString());
        Assert.Equal("a", Assert.Single(_harness.Store.Load().ScopeOrNull("account")!.All("thing")).Key);
    }

    [Fact]
    public void Keeps_nothing_of_a_call_that_failed_half_way()
    {
        Assert.Equal("409 ConflictException: It is here already", Twice());
        Assert.Equal(1, _harness.Store.Commits);
        string Twice()
        {
            _harness.Do("POST /things", """{"name":"a"}""");
            return _harness.Fail("POST /things", """{"name":"a","size":1}""");
        }

        Assert.Equal("""{"name":"a"}""", _harness.Do("GET /things/a").ToString());
    }

    [Fact]
    public void Keeps_nothing_when_the_store_cannot()
    {
        _harness.Store.Failure = "The disk is full.";
        Assert.Equal("503 ServiceUnavailableException: The disk is full.", _harness.Fail("POST /things", """{"name":"a"}"""));
        Assert.Empty(_harness.Publisher.Published);
        Assert.Equal("404 NotFoundException: No such thing", _harness.Fail("GET /things/a"));
    }

    [Fact]
    public void Keeps_nothing_that_cannot_be_served()
    {
        _harness.Publisher.Problem = "Two routes are alike.";
        Assert.Equal("400 BadRequestException: Two routes are alike.", _harness.Fail("POST /things", """{"name":"a"}"""));
        Assert.Equal(0, _harness.Store.Commits);
    }

    [Theory]
    [InlineData("""{"name":true}""", "400 SerializationException: class java.lang.Boolean can not be converted to an String")]
    [InlineData("""{"name":"a","size":"1"}""", "400 SerializationException: class java.lang.String can not be converted to an Integer")]
    [InlineData("""{"name":"a","tags":{"x":1}}""", "400 SerializationException: class java.lang.Integer can not be converted to an String")]
    [InlineData("""{"size":1}""", "400 ValidationException: 1 validation error detected: Value null at 'createThingInput.name' failed to satisfy constraint: Member must not be null")]
    [InlineData("""{"kind":"X"}""", "400 ValidationException: 2 validation errors detected: Value null at 'createThingInput.name' failed to satisfy constraint: Member must not be null; Value 'X' at 'createThingInput.kind' failed to satisfy constraint: Member must satisfy enum value set: [HTTP, AWS, MOCK, HTTP_PROXY, AWS_PROXY]")]
    [InlineData("[]", "400 SerializationException: The body is not a JSON object.")]
    [InlineData("{", "400 SerializationException: The body is not a JSON object.")]
    public void Holds_bodies_against_their_shape(string body, string fault) => Assert.Equal(fault, _harness.Fail("POST /things", body));

    [Fact]
    public void Members_that_nobody_knows_and_nulls_are_no_mistake() => Assert.Equal("""{"name":"a"}""", _harness.Do("POST /things", """{"name":"a","size":null,"other":[1]}""").ToString());

    [Fact]
    public void Tells_an_import_from_a_create_by_its_mode()
    {
        Assert.Equal("""{"imported":3}""", _harness.Do("POST /things?x=1&mode=import", "abc").ToString());
    }

    [Theory]
    [InlineData("GET /things/a%2Fb%20c", "a/b c")]
    [InlineData("GET /things/%28none%29", "(none)")]
    public void Splits_the_raw_path_before_it_decodes_it(string target, string name)
    {
        _harness.Do("POST /things", WireValue.NewObject().Set("name", name).ToString());
        Assert.Equal(name, _harness.Do(target).TextOf("name"));
    }

    [Theory]
    [InlineData("GET /tags/arn%3Aaws%3Aapigateway%3Aus-east-1%3A%3A%2Frestapis%2Fabc")]
    [InlineData("GET /tags/arn:aws:apigateway:us-east-1::/restapis/abc")]
    public void Takes_an_ARN_coded_or_not(string target) => Assert.Equal("arn:aws:apigateway:us-east-1::/restapis/abc", _harness.Do(target).TextOf("arn"));

    [Fact]
    public void Lists_page_after_page_whatever_comes_and_goes_in_between()
    {
        for (int i = 0; i < 60; i++) _harness.Do("POST /things", $"{{\"name\":\"t{i:00}\"}}");
        WireValue first = _harness.Do("GET /things");
        Assert.Equal(25, first["item"]!.Items.Count);
        _harness.Do("POST /things", """{"name":"a-new-one-before"}""");
        WireValue second = _harness.Do("GET /things?limit=500&position=" + first.TextOf("position"));
        Assert.Equal(35, second["item"]!.Items.Count);
        Assert.Equal("t25", second["item"]!.Items[0].TextOf("name"));
        Assert.Null(second["position"]);
    }

    [Theory]
    [InlineData("limit=0")]
    [InlineData("limit=x")]
    [InlineData("position=%21")]
    public void Refuses_pages_that_make_no_sense(string query) => Assert.StartsWith("400 BadRequestException", _harness.Fail("GET /things?" + query), StringComparison.Ordinal);

    [Fact]
    public void Says_that_an_operation_is_not_there() => Assert.StartsWith("404 NotFoundException", _harness.Fail("PUT /things"), StringComparison.Ordinal);

    private static Reply Create(Call call)
    {
        string name = call.Body.TextOf("name")!;
        bool known = call.Book.Find("account", "thing", name) is not null;
        WireValue thing = WireValue.NewObject().Take(call.Body, "name", "size");
        call.Book.Put("account", "thing", name, thing);
        return known ? Reply.Conflict("It is here already") : Reply.Of(thing);
    }
}
