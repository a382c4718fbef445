using EdgeProxy.ControlPlane.Management.V1;
using EdgeProxy.ControlPlane.Wire;
using EdgeProxy.TestKit;

namespace EdgeProxy.Tests.ControlPlane.Management.V1;

public sealed class UsagePlanKeyOperationsTests
{
    private readonly ManagementHarness _harness = new(StagedBook.Of("api0000001:prod", "api0000002:test"));

    [Fact]
    public void Shows_a_key_of_a_plan_as_the_key_is_now()
    {
        string key = _harness.Do("POST /apikeys", """{"name":"n","value":"value-value-value-001"}""").TextOf("id")!;
        string plan = Plan();
        Assert.Equal($$"""{"id":"{{key}}","type":"API_KEY","value":"value-value-value-001","name":"n"}""", _harness.Do($"POST /usageplans/{plan}/keys", Body(key)).ToString());
        _harness.Do($"PATCH /apikeys/{key}", """{"patchOperations":[{"op":"replace","path":"/name","value":"other"}]}""");
        Assert.Equal("other", _harness.Do($"GET /usageplans/{plan}/keys/{key}").TextOf("name"));
        Assert.Single(_harness.Do($"GET /usageplans/{plan}/keys?name=oth")["item"]!.Items);
        Assert.Empty(_harness.Do($"GET /usageplans/{plan}/keys?name=n")["item"]!.Items);
        Assert.Equal(202, _harness.Call($"DELETE /usageplans/{plan}/keys/{key}").Status);
        Assert.Equal("404 NotFoundException: Invalid Usage Plan Key identifier specified", _harness.Fail($"GET /usageplans/{plan}/keys/{key}"));
        Assert.Equal("404 NotFoundException: Invalid Usage Plan Key identifier specified", _harness.Fail($"DELETE /usageplans/{plan}/keys/{key}"));
    }

    [Fact]
    public void Refuses_what_is_not_there_and_what_is_there_already()
    {
        string key = Key();
        string plan = Plan();
        Assert.Equal("404 NotFoundException: Invalid Usage Plan ID specified", _harness.Fail("POST /usageplans/none/keys", Body(key)));
        Assert.Equal("404 NotFoundException: Invalid API Key identifier specified", _harness.Fail($"POST /usageplans/{plan}/keys", Body("none")));
        Assert.Equal("400 BadRequestException: Invalid key type specified. Valid options are API_KEY", _harness.Fail($"POST /usageplans/{plan}/keys", $$"""{"keyId":"{{key}}","keyType":"OTHER"}"""));
        _harness.Do($"POST /usageplans/{plan}/keys", Body(key));
        Assert.Equal($"409 ConflictException: API Key {key} is in the Usage Plan {plan} already", _harness.Fail($"POST /usageplans/{plan}/keys", Body(key)));
    }

    [Fact]
    public void Lets_a_key_be_in_one_plan_for_each_stage()
    {
        string key = Key();
        string one = Plan("api0000001:prod");
        string other = Plan("api0000001:prod");
        string apart = Plan("api0000002:test");
        _harness.Do($"POST /usageplans/{one}/keys", Body(key));
        _harness.Do($"POST /usageplans/{apart}/keys", Body(key));
        Assert.Equal($"409 ConflictException: API Key {key} cannot be in the Usage Plans ", _harness.Fail($"POST /usageplans/{other}/keys", Body(key))[..$"409 ConflictException: API Key {key} cannot be in the Usage Plans ".Length]);
        Assert.Equal(
            $"409 ConflictException: API Key {key} cannot be in the Usage Plans {apart} and {one}, which both have the API Stage api0000001:prod",
            _harness.Fail($"PATCH /usageplans/{apart}", """{"patchOperations":[{"op":"add","path":"/apiStages","value":"api0000001:prod"}]}"""));

        // Without the key in it, a plan may take the stage.
        _harness.Do($"DELETE /usageplans/{apart}/keys/{key}");
        _harness.Do($"PATCH /usageplans/{apart}", """{"patchOperations":[{"op":"add","path":"/apiStages","value":"api0000001:prod"}]}""");
    }

    [Fact]
    public void Refuses_a_key_in_more_plans_than_it_may_be()
    {
        _harness.Api.Options = _harness.Api.Options with { Limits = _harness.Api.Options.Limits with { UsagePlansPerKey = 1 } };
        string key = Key();
        _harness.Do($"POST /usageplans/{Plan()}/keys", Body(key));
        Assert.Equal("429 LimitExceededException: An API Key can be in at most 1 Usage Plans", _harness.Fail($"POST /usageplans/{Plan()}/keys", Body(key)));
    }

    [Fact]
    public void Takes_a_stage_that_goes_out_of_all_plans()
    {
        string one = Plan("api0000001:prod");
        string other = Plan("api0000002:test");
        Assert.Null(_harness.Api.Change(edit => PlanStages.Drop(edit, "api0000001", "other")));
        Assert.Single(_harness.Do($"GET /usageplans/{one}")["apiStages"]!.Items);
        Assert.Null(_harness.Api.Change(edit => PlanStages.Drop(edit, "api0000001", "prod")));
        Assert.Empty(_harness.Do($"GET /usageplans/{one}")["apiStages"]!.Items);
        Assert.Null(_harness.Api.Change(edit => PlanStages.Drop(edit, "api0000002", null)));
        Assert.Empty(_harness.Do($"GET /usageplans/{other}")["apiStages"]!.Items);
    }

    private static string Body(string key) => $$"""{"keyId":"{{key}}","keyType":"API_KEY"}""";

    private string Key() => _harness.Do("POST /apikeys", "{}").TextOf("id")!;

    private string Plan(string? stage = null)
    {
        WireValue body = WireValue.NewObject().Set("name", "p");
        if (stage is not null) body.ListAt("apiStages").Items.Add(WireValue.NewObject().Set("apiId", stage.Split(':')[0]).Set("stage", stage.Split(':')[1]));
        return _harness.Do("POST /usageplans", body.ToString()).TextOf("id")!;
    }
}
