using EdgeProxy.ControlPlane.Wire;
using EdgeProxy.TestKit;

namespace EdgeProxy.Tests.ControlPlane.Management.V1;

public sealed class PatchPlanTests
{
    private readonly ManagementHarness _harness = new(StagedBook.Of("api0000001:prod", "api0000002:test"));
    private readonly string _plan;

    public PatchPlanTests() => _plan = _harness.Do("POST /usageplans", """{"name":"p","apiStages":[{"apiId":"api0000001","stage":"prod"}]}""").TextOf("id")!;

    [Fact]
    public void Sets_and_removes_texts_throttle_and_quota()
    {
        WireValue plan = Patch("replace /name after", "replace /description text", "add /productCode code", "add /throttle/rateLimit 1.5", "replace /throttle/burstLimit 2", "add /quota/limit 10", "add /quota/period WEEK", "add /quota/offset 6");
        Assert.Equal("after", plan.TextOf("name"));
        Assert.Equal("code", plan.TextOf("productCode"));
        Assert.Equal("""{"rateLimit":1.5,"burstLimit":2}""", plan["throttle"]!.ToString());
        Assert.Equal("""{"limit":10,"period":"WEEK","offset":6}""", plan["quota"]!.ToString());
        Assert.Equal("{}", plan["tags"]!.ToString());
        plan = Patch("remove /throttle", "remove /quota", "remove /productCode", "replace /description");
        Assert.Null(plan["throttle"]);
        Assert.Null(plan["quota"]);
        Assert.Null(plan["productCode"]);
        Assert.Null(plan["description"]);
    }

    [Fact]
    public void Adds_and_removes_stages()
    {
        Assert.Equal("""[{"apiId":"api0000001","stage":"prod"},{"apiId":"api0000002","stage":"test"}]""", Patch("add /apiStages api0000002:test")["apiStages"]!.ToString());
        Assert.Equal("""[{"apiId":"api0000002","stage":"test"}]""", Patch("remove /apiStages api0000001:prod")["apiStages"]!.ToString());
    }

    [Theory]
    [InlineData("/apiStages/api0000001:prod/throttle/~1pets~1{id}/GET/", "/pets/{id}/GET")]
    [InlineData("/apiStages/api0000001:prod/throttle/pets/{id}/GET/", "/pets/{id}/GET")]
    [InlineData("/apiStages/api0000001:prod/throttle//pets/{id}/GET/", "/pets/{id}/GET")]
    [InlineData("/apiStages/api0000001:prod/throttle/~1/ANY/", "//ANY")]
    [InlineData("/apiStages/api0000001:prod/throttle///ANY/", "//ANY")]
    public void Sets_the_figures_of_a_method_however_its_path_is_written(string path, string method)
    {
        WireValue plan = Patch($"add {path}rateLimit 5", $"replace {path}burstLimit 10");
        Assert.Equal($$$"""{"{{{method}}}":{"rateLimit":5.0,"burstLimit":10}}""", plan["apiStages"]!.Items[0]["throttle"]!.ToString());
        Assert.Null(Patch($"remove {path[..^1]}")["apiStages"]!.Items[0]["throttle"]);
        Assert.Equal($"404 NotFoundException: Invalid method throttle specified: {method}", Refused($"remove {path[..^1]}"));
    }

    [Fact]
    public void Takes_a_map_of_methods_with_members_in_any_case()
    {
        WireValue plan = Patch("replace /apiStages/api0000001:prod/throttle {\"/echo/GET\":{\"BurstLimit\":3,\"RateLimit\":1.5}}");
        Assert.Equal("""{"/echo/GET":{"burstLimit":3,"rateLimit":1.5}}""", plan["apiStages"]!.Items[0]["throttle"]!.ToString());
        Assert.Null(Patch("remove /apiStages/api0000001:prod/throttle")["apiStages"]!.Items[0]["throttle"]);
    }

    [Theory]
    [InlineData("remove /apiStages/api0000001:prod", "400 BadRequestException: Invalid patch path  '/apiStages/api0000001:prod' specified for op 'remove'. Must be one of: [/apiStages, /quota, /throttle, /productCode, /apiStages/<apidId:stageName>/throttle/<resourcePath>/<httpMethod>, /apiStages/<apidId:stageName>/throttle]")]
    [InlineData("remove /apiStages", "400 BadRequestException: Invalid API Stage specified")]
    [InlineData("add /apiStages", "400 BadRequestException: Invalid API Stage specified")]
    [InlineData("add /apiStages api0000001", "400 BadRequestException: Invalid API Stage specified")]
    [InlineData("add /apiStages :", "400 BadRequestException: Invalid API Stage specified")]
    [InlineData("replace /apiStages api0000001:prod", "400 BadRequestException: Invalid patch path  '/apiStages' specified for op 'replace'. Please choose supported operations")]
    [InlineData("add /name x", "400 BadRequestException: Invalid patch path  '/name' specified for op 'add'. Please choose supported operations")]
    [InlineData("replace /name", "400 BadRequestException: Usage Plan name must not be empty")]
    [InlineData("add /quota/limit x", "400 BadRequestException: Invalid value specified for /quota/limit: x")]
    [InlineData("add /quota/limit 5", "400 BadRequestException: Usage Plan quota period must be one of DAY, WEEK, MONTH")]
    [InlineData("add /apiStages/api0000001:prod/throttle [1]", "400 BadRequestException: Invalid throttle specified, must be a JSON map of methods")]
    [InlineData("add /apiStages/api0000001:prod/throttle {\"/a/GET\":1}", "400 BadRequestException: Invalid throttle specified for /a/GET")]
    [InlineData("add /apiStages/api0000001:prod/throttle {\"/a/GET\":{\"rateLimit\":\"x\"}}", "400 BadRequestException: Invalid throttle rateLimit of /a/GET, must be -1, or a number from 0 to 1000000000")]
    [InlineData("add /apiStages/api0000001:prod/throttle/a/get/rateLimit 1", "400 BadRequestException: Invalid HttpMethod specified. Valid options are GET,PUT,POST,DELETE,PATCH,OPTIONS,HEAD,ANY")]
    [InlineData("add /apiStages/api0000001:prod/throttle/rateLimit 1", "400 BadRequestException: Invalid HttpMethod specified. Valid options are GET,PUT,POST,DELETE,PATCH,OPTIONS,HEAD,ANY")]
    [InlineData("add /apiStages/api0000001:prod/throttle/a/GET/burstLimit 1.5", "400 BadRequestException: Invalid value specified for /apiStages/api0000001:prod/throttle/a/GET/burstLimit")]
    [InlineData("add /apiStages/none/throttle {}", "400 BadRequestException: Invalid API Stage specified")]
    public void Refuses_operations_that_a_plan_does_not_have(string operation, string answer) => Assert.Equal(answer, Refused(operation));

    [Fact]
    public void Says_which_stage_is_not_there()
    {
        string answer = $"404 NotFoundException: Invalid API Stage {{api: api0000001, stage: none}} specified for usageplan {_plan}";
        Assert.Equal(answer, Refused("add /apiStages api0000001:none"));
        Assert.Equal(answer, Refused("remove /apiStages api0000001:none"));
        Assert.Equal(answer, Refused("add /apiStages/api0000001:none/throttle {}"));
    }

    [Fact]
    public void Keeps_nothing_of_a_document_of_which_one_operation_is_wrong()
    {
        Refused("replace /name other", "add /apiStages nobody:none");
        Assert.Equal("p", _harness.Do($"GET /usageplans/{_plan}").TextOf("name"));
    }

    private static string Document(string[] operations)
    {
        WireValue list = WireValue.NewList();
        foreach (string operation in operations)
        {
            string[] parts = operation.Split(' ', 3);
            list.Items.Add(WireValue.NewObject().Set("op", parts[0]).Set("path", parts[1]).Set("value", parts.Length == 3 ? parts[2] : null));
        }

        return WireValue.NewObject().Set("patchOperations", list).ToString();
    }

    private WireValue Patch(params string[] operations) => _harness.Do($"PATCH /usageplans/{_plan}", Document(operations));

    private string Refused(params string[] operations) => _harness.Fail($"PATCH /usageplans/{_plan}", Document(operations));
}
