using EdgeProxy.ControlPlane.Wire;
using EdgeProxy.TestKit;

namespace EdgeProxy.Tests.ControlPlane.Management.V1;

public sealed class ImportApiKeysTests
{
    private const string Import = "POST /apikeys?mode=import&format=csv";

    private readonly ManagementHarness _harness = new(StagedBook.Of("api0000001:prod"));

    [Fact]
    public void Makes_keys_of_rows_and_puts_them_into_their_plans()
    {
        string one = Plan("one");
        string two = Plan("two");
        WireValue made = _harness.Do(Import, $"Key,Name,UsagePlanIds,enabled,Description\nvalue-value-value-001,first,\"{one},{two}\",true,\"says \"\"this\"\"\"\nvalue-value-value-002,second,{one},false,\n");
        Assert.Equal(201, _harness.Call(Import, "name,key\nthird,value-value-value-003\n").Status);
        Assert.Empty(made["warnings"]!.Items);
        IReadOnlyList<string> ids = made.TextsOf("ids");
        Assert.Equal(2, ids.Count);
        WireValue first = _harness.Do($"GET /apikeys/{ids[0]}?includeValue=true");
        Assert.Equal("first", first.TextOf("name"));
        Assert.Equal("says \"this\"", first.TextOf("description"));
        Assert.Equal("value-value-value-001", first.TextOf("value"));
        Assert.True(first.IsTrueOf("enabled"));
        Assert.False(_harness.Do($"GET /apikeys/{ids[1]}").IsTrueOf("enabled"));
        Assert.Equal(2, _harness.Do($"GET /usageplans/{one}/keys")["item"]!.Items.Count);
        Assert.Equal(ids[0], Assert.Single(_harness.Do($"GET /usageplans/{two}/keys")["item"]!.Items).TextOf("id"));
        Assert.Equal(2, _harness.Do($"GET /usageplans?keyId={ids[0]}")["item"]!.Items.Count);
    }

    [Fact]
    public void Gives_a_key_whose_value_is_there_what_the_file_says_of_it()
    {
        string id = _harness.Do("POST /apikeys", """{"name":"before","value":"value-value-value-001","enabled":true}""").TextOf("id")!;
        WireValue made = _harness.Do(Import, "name,key,enabled\nafter,value-value-value-001,false\nagain,value-value-value-001,true\n");
        Assert.Equal(id, Assert.Single(made.TextsOf("ids")));
        Assert.Equal("again", _harness.Do($"GET /apikeys/{id}").TextOf("name"));
        Assert.Single(_harness.Do("GET /apikeys")["item"]!.Items);
    }

    [Fact]
    public void Warns_of_rows_that_it_cannot_take_and_fails_when_that_is_asked_for()
    {
        const string File = "name,key\na,short\nb\nc,value-value-value-001\n";
        WireValue made = _harness.Do(Import, File);
        Assert.Single(made.TextsOf("ids"));
        Assert.Contains("Line 2: API Key value should be at least 20 characters", made.TextsOf("warnings"));
        Assert.Equal(2, made.TextsOf("warnings").Count);
        Assert.DoesNotContain("short", made["warnings"]!.ToString());
        Assert.StartsWith("400 BadRequestException: Line 2: API Key value", _harness.Fail(Import + "&failonwarnings=true", File.Replace("001", "002", StringComparison.Ordinal)));
        Assert.Single(_harness.Do("GET /apikeys")["item"]!.Items);
    }

    [Fact]
    public void Warns_of_plans_that_are_not_there_and_of_two_with_one_stage()
    {
        string one = Plan("one", "api0000001:prod");
        string two = Plan("two", "api0000001:prod");
        Assert.Equal("Line 2: Invalid Usage Plan ID specified", Assert.Single(_harness.Do(Import, "name,key,usageplanids\na,value-value-value-001,nobody\n").TextsOf("warnings")));
        Assert.EndsWith("which both have the API Stage api0000001:prod", Assert.Single(_harness.Do(Import, $"name,key,usageplanids\na,value-value-value-002,\"{one},{two}\"\n").TextsOf("warnings")));

        // Neither in two rows of one file, nor in one of a second file.
        Assert.EndsWith("api0000001:prod", Assert.Single(_harness.Do(Import, $"name,key,usageplanids\na,value-value-value-003,{one}\na,value-value-value-003,{two}\n").TextsOf("warnings")));
        Assert.EndsWith("api0000001:prod", Assert.Single(_harness.Do(Import, $"name,key,usageplanids\na,value-value-value-003,{two}\n").TextsOf("warnings")));
        Assert.Single(_harness.Do($"GET /usageplans/{one}/keys")["item"]!.Items);
        Assert.Empty(_harness.Do($"GET /usageplans/{two}/keys")["item"]!.Items);
        Assert.Empty(_harness.Do(Import, $"name,key,usageplanids\na,value-value-value-003,{one}\n").TextsOf("warnings"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("name\nx\n")]
    [InlineData("key\nvalue-value-value-001\n")]
    [InlineData("name,key\n\"a")]
    [InlineData("name,key\n\"a\"b,c\n")]
    [InlineData("\0\u0001\u00ff")]
    public void Refuses_a_file_that_it_cannot_read_to_its_end(string file)
    {
        Assert.StartsWith("400 BadRequestException: ", _harness.Fail(Import, file));
        Assert.Equal(0, _harness.Store.Commits);
    }

    [Fact]
    public void Refuses_other_formats()
    {
        Assert.Equal("400 ValidationException: 1 validation error detected: Value '' at 'format' failed to satisfy constraint: Member must satisfy enum value set: [csv]", _harness.Fail("POST /apikeys?mode=import", "name,key\n"));
        Assert.StartsWith("400 ValidationException", _harness.Fail("POST /apikeys?mode=import&format=xml", "name,key\n"));
    }

    [Fact]
    public void Says_no_more_than_a_hundred_warnings()
    {
        WireValue made = _harness.Do(Import, "name,key\n" + string.Concat(Enumerable.Repeat("a,b\n", 150)));
        Assert.Equal(101, made.TextsOf("warnings").Count);
        Assert.Equal("50 warnings more", made.TextsOf("warnings")[100]);
    }

    private string Plan(string name, string? stage = null)
    {
        string stages = stage is null ? "" : $$""","apiStages":[{"apiId":"{{stage.Split(':')[0]}}","stage":"{{stage.Split(':')[1]}}"}]""";
        return _harness.Do("POST /usageplans", $$"""{"name":"{{name}}"{{stages}}}""").TextOf("id")!;
    }
}
