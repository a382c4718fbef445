using EdgeProxy.ControlPlane.Wire;
using EdgeProxy.TestKit;

namespace EdgeProxy.Tests.ControlPlane.Management.V1;

public sealed class ApiKeyOperationsTests
{
    private const string Value = "abcdefghijklmnopqrstuvwxyz";

    private readonly ManagementHarness _harness = new(StagedBook.Of("api0000001:prod"));

    [Fact]
    public void Shows_the_value_when_a_key_is_made_and_then_only_to_who_asks_for_it()
    {
        WireValue made = _harness.Do("POST /apikeys", $$"""{"name":"first","value":"{{Value}}"}""");
        string id = made.TextOf("id")!;
        Assert.Equal(10, id.Length);
        Assert.Equal(Value, made.TextOf("value"));
        Assert.Equal("false", made["enabled"]!.Text);
        Assert.Null(made["tags"]);
        Assert.Equal("[]", made["stageKeys"]!.ToString());

        WireValue shown = _harness.Do($"GET /apikeys/{id}");
        Assert.Null(shown["value"]);
        Assert.Equal("{}", shown["tags"]!.ToString());
        Assert.Equal("first", shown.TextOf("name"));
        Assert.Equal(Value, _harness.Do($"GET /apikeys/{id}?includeValue=true").TextOf("value"));
        Assert.Null(Assert.Single(_harness.Do("GET /apikeys")["item"]!.Items)["value"]);
        Assert.Equal(Value, Assert.Single(_harness.Do("GET /apikeys?includeValues=true")["item"]!.Items).TextOf("value"));
    }

    [Fact]
    public void Makes_a_value_of_forty_letters_and_digits_when_none_is_given()
    {
        string one = _harness.Do("POST /apikeys", "{}").TextOf("value")!;
        string other = _harness.Do("POST /apikeys").TextOf("value")!;
        Assert.Equal(40, one.Length);
        Assert.All(one, static c => Assert.True(char.IsAsciiLetterOrDigit(c)));
        Assert.NotEqual(one, other);
    }

    [Fact]
    public void Refuses_a_value_that_another_key_has()
    {
        _harness.Do("POST /apikeys", """{"value":"with\"quotes\\and-backslashes"}""");
        Assert.Equal("409 ConflictException: API Key already exists", _harness.Fail("POST /apikeys", """{"value":"with\"quotes\\and-backslashes"}"""));
        _harness.Do("POST /apikeys", """{"value":"with\"quotes\\and-backslashes-and-more"}""");
    }

    [Theory]
    [InlineData("""{"value":"short"}""", "API Key value should be at least 20 characters")]
    [InlineData("""{"value":"with a blank in the value"}""", "API Key value should be visible characters of ASCII")]
    [InlineData("""{"value":"späterspäterspäterspäter"}""", "API Key value should be visible characters of ASCII")]
    [InlineData("""{"stageKeys":[{"restApiId":"api0000001","stageName":"none"}]}""", "Invalid API Stage specified")]
    [InlineData("""{"stageKeys":[{}]}""", "Invalid API Stage specified")]
    public void Refuses_what_a_key_cannot_be(string body, string message) => Assert.Equal($"400 BadRequestException: {message}", _harness.Fail("POST /apikeys", body));

    [Fact]
    public void Refuses_values_names_and_descriptions_that_are_too_long()
    {
        Assert.Equal("400 BadRequestException: API Key value exceeds maximum size of 128 characters", _harness.Fail("POST /apikeys", $$"""{"value":"{{new string('v', 129)}}"}"""));
        Assert.Equal("400 BadRequestException: Invalid API Key name, can be at most 1024 characters.", _harness.Fail("POST /apikeys", $$"""{"name":"{{new string('n', 1025)}}"}"""));
        Assert.Equal("400 BadRequestException: Invalid API Key description specified.", _harness.Fail("POST /apikeys", $$"""{"description":"{{new string('d', 1025)}}"}"""));
    }

    [Fact]
    public void Finds_keys_by_the_beginning_of_their_name_with_case_and_by_their_customer()
    {
        _harness.Do("POST /apikeys", """{"name":"team \"a\" one","customerId":"c1"}""");
        _harness.Do("POST /apikeys", """{"name":"team \"a\" two","customerId":"c2"}""");
        _harness.Do("POST /apikeys", """{"name":"Team","description":"\"name\":\"team","tags":{"customerId":"c1"}}""");
        _harness.Do("POST /apikeys", """{"description":"no name"}""");
        Assert.Equal(2, _harness.Do("GET /apikeys?name=team%20%22a")["item"]!.Items.Count);
        Assert.Equal("Team", Assert.Single(_harness.Do("GET /apikeys?name=Team")["item"]!.Items).TextOf("name"));
        Assert.Equal("team \"a\" one", Assert.Single(_harness.Do("GET /apikeys?customerId=c1")["item"]!.Items).TextOf("name"));
        Assert.Empty(_harness.Do("GET /apikeys?name=nobody")["item"]!.Items);
    }

    [Fact]
    public void Lists_ten_thousand_keys_page_by_page_each_of_them_once()
    {
        var rows = new System.Text.StringBuilder("name,key\n");
        for (int i = 0; i < 10_000; i++) rows.Append(System.Globalization.CultureInfo.InvariantCulture, $"key {i},value-value-value-{i:D8}\n");
        Assert.Equal(10_000, _harness.Do("POST /apikeys?mode=import&format=csv", rows.ToString())["ids"]!.Items.Count);
        var ids = new HashSet<string>();
        string? position = null;
        int pages = 0;
        do
        {
            WireValue page = _harness.Do("GET /apikeys?limit=500" + (position is null ? "" : $"&position={position}"));
            foreach (WireValue key in page["item"]!.Items) Assert.True(ids.Add(key.TextOf("id")!));
            position = page.TextOf("position");
            pages++;
        }
        while (position is not null);
        Assert.Equal(10_000, ids.Count);
        Assert.Equal(20, pages);
        Assert.Equal(111, Count("key 99"));

        int Count(string name) => _harness.Do($"GET /apikeys?limit=500&name={Uri.EscapeDataString(name)}")["item"]!.Items.Count;
    }

    [Fact]
    public void Changes_what_a_patch_names_and_leaves_the_value_out()
    {
        string id = _harness.Do("POST /apikeys", $$"""{"value":"{{Value}}","name":"before","description":"d"}""").TextOf("id")!;
        _harness.Clock.Now = _harness.Clock.Now.AddSeconds(5);
        WireValue changed = _harness.Do($"PATCH /apikeys/{id}", """{"patchOperations":[{"op":"replace","path":"/name","value":"after"},{"op":"replace","path":"/enabled","value":"True"},{"op":"replace","path":"/description"},{"op":"add","path":"/stages","value":"api0000001/prod"}]}""");
        Assert.Equal("after", changed.TextOf("name"));
        Assert.True(changed.IsTrueOf("enabled"));
        Assert.Null(changed["description"]);
        Assert.Null(changed["value"]);
        Assert.Equal("""["api0000001/prod"]""", changed["stageKeys"]!.ToString());
        Assert.Equal(changed.NumberOf("createdDate") + 5, changed.NumberOf("lastUpdatedDate"));
        Assert.Equal(Value, _harness.Do($"GET /apikeys/{id}?includeValue=true").TextOf("value"));
        Assert.Single(_harness.Do("GET /apikeys?name=aft")["item"]!.Items);
        _harness.Do($"PATCH /apikeys/{id}", """{"patchOperations":[{"op":"remove","path":"/stages","value":"api0000001/prod"},{"op":"replace","path":"/name"}]}""");
        Assert.Empty(_harness.Do("GET /apikeys?name=a")["item"]!.Items);
        _harness.Do($"PATCH /apikeys/{id}", """{"patchOperations":[{"op":"replace","path":"/name","value":"again"}]}""");
        Assert.Single(_harness.Do("GET /apikeys?name=again")["item"]!.Items);
    }

    [Fact]
    public void Says_of_a_wrong_patch_what_the_service_says()
    {
        string id = _harness.Do("POST /apikeys", "{}").TextOf("id")!;
        Assert.Equal(
            "400 BadRequestException: Invalid patch path  '/wrong' specified for op 'replace'. Must be one of: [/description, /enabled, /name, /customerId]",
            _harness.Fail($"PATCH /apikeys/{id}", """{"patchOperations":[{"op":"replace","path":"/wrong","value":"x"}]}"""));
        Assert.Equal(
            "400 BadRequestException: Invalid patch path  '/name' specified for op 'add'. Please choose supported operations",
            _harness.Fail($"PATCH /apikeys/{id}", """{"patchOperations":[{"op":"add","path":"/name","value":"x"}]}"""));
    }

    [Fact]
    public void Takes_a_deleted_key_out_of_its_plans()
    {
        string key = _harness.Do("POST /apikeys", "{}").TextOf("id")!;
        string plan = _harness.Do("POST /usageplans", """{"name":"p"}""").TextOf("id")!;
        _harness.Do($"POST /usageplans/{plan}/keys", $$"""{"keyId":"{{key}}","keyType":"API_KEY"}""");
        Assert.Equal(202, _harness.Call($"DELETE /apikeys/{key}").Status);
        Assert.Empty(_harness.Do($"GET /usageplans/{plan}/keys")["item"]!.Items);
        Assert.Equal("404 NotFoundException: Invalid API Key identifier specified", _harness.Fail($"GET /apikeys/{key}"));
        Assert.Equal("404 NotFoundException: Invalid API Key identifier specified", _harness.Fail($"DELETE /apikeys/{key}"));
        Assert.Equal("404 NotFoundException: Invalid API Key identifier specified", _harness.Fail($"PATCH /apikeys/{key}", "{}"));
    }

    [Fact]
    public void Makes_a_key_with_the_id_that_a_tag_chooses()
    {
        Assert.Equal("my-key", _harness.Do("POST /apikeys", """{"tags":{"_custom_id_":"my-key"}}""").TextOf("id"));
        Assert.Equal("409 ConflictException: The id my-key is taken.", _harness.Fail("POST /apikeys", """{"tags":{"_custom_id_":"my-key"}}"""));
    }

    [Fact]
    public void Refuses_a_key_beyond_the_limit()
    {
        _harness.Api.Options = _harness.Api.Options with { Limits = _harness.Api.Options.Limits with { ApiKeys = 1 } };
        _harness.Do("POST /apikeys", "{}");
        Assert.Equal("429 LimitExceededException: Maximum number of API Keys has been reached: 1", _harness.Fail("POST /apikeys", "{}"));
        Assert.Equal("429 LimitExceededException: Maximum number of API Keys has been reached: 1", _harness.Fail("POST /apikeys?mode=import&format=csv", $"name,key\nn,{Value}\n"));
    }
}
