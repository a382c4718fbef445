using EdgeProxy.ControlPlane.Records;
using EdgeProxy.ControlPlane.Wire;
using EdgeProxy.TestKit;

namespace EdgeProxy.Conformance.Tests.ControlPlane;

/// <summary>control-plane.md 3.2: what UpdateStage changes, and in which words it refuses.</summary>
public sealed class V1_3_2_StageSettings
{
    private readonly StagedApi _api = new();

    [Fact]
    public void A_new_stage_has_the_recorded_defaults_and_no_tags()
    {
        WireValue stage = _api.Harness.Do($"POST {StagedApi.Api}/stages", $$"""{"stageName":"beta-1_x","deploymentId":"{{_api.Deployment}}"}""");
        long now = _api.Harness.Clock.GetUtcNow().ToUnixTimeSeconds();
        Assert.Equal(
            $$"""{"deploymentId":"{{_api.Deployment}}","stageName":"beta-1_x","cacheClusterEnabled":false,"cacheClusterStatus":"NOT_AVAILABLE","methodSettings":{},"tracingEnabled":false,"createdDate":{{now}},"lastUpdatedDate":{{now}}}""",
            stage.ToString());
        Assert.Equal("{}", _api.Harness.Do($"GET {StagedApi.Api}/stages/beta-1_x")["tags"]!.ToString());
    }

    [Fact]
    public void Creating_a_stage_is_refused_for_what_is_not_there_or_is_there_already()
    {
        string create = $"POST {StagedApi.Api}/stages";
        Assert.Equal("400 BadRequestException: Deployment id does not exist", _api.Harness.Fail(create, """{"stageName":"a","deploymentId":"nope"}"""));
        Assert.Equal("409 ConflictException: Stage already exists", _api.Harness.Fail(create, With("prod")));
        Assert.Equal("400 BadRequestException: Stage name only allows a-zA-Z0-9_-", _api.Harness.Fail(create, With("a b")));
        Assert.Equal("400 BadRequestException: Stage name must have between 1 and 128 characters", _api.Harness.Fail(create, With("")));
        Assert.Equal("400 BadRequestException: Stage name must have between 1 and 128 characters", _api.Harness.Fail(create, With(new string('a', 129))));
        Assert.Equal(new string('a', 128), _api.Harness.Do(create, With(new string('a', 128))).TextOf("stageName"));
        Assert.Equal("404 NotFoundException: Invalid Documentation version specified", _api.Harness.Fail(create, With("a", ""","documentationVersion":"7" """)));
        Assert.StartsWith("400 ValidationException: 2 validation errors detected: Value null at 'createStageInput.stageName'", _api.Harness.Fail(create, "{}"), StringComparison.Ordinal);

        string With(string name, string more = "") => $$"""{"stageName":"{{name}}","deploymentId":"{{_api.Deployment}}"{{more}}}""";
    }

    [Fact]
    public void An_API_has_ten_stages_at_most()
    {
        for (int i = 1; i < 10; i++) _api.Deploy($$"""{"stageName":"s{{i}}"}""");
        Assert.StartsWith("429 LimitExceededException", _api.Harness.Fail($"POST {StagedApi.Api}/deployments", """{"stageName":"s10"}"""), StringComparison.Ordinal);
        Assert.Equal(10, _api.Harness.Do($"GET {StagedApi.Api}/stages")["item"]!.Items.Count);
    }

    [Fact]
    public void Stages_are_listed_whole_and_by_deployment()
    {
        string other = _api.Deploy("""{"stageName":"beta"}""");
        Assert.Equal(["beta", "prod"], Names(""));
        Assert.Equal(["beta"], Names("?deploymentId=" + other));
        Assert.Equal([], Names("?deploymentId=nope"));
        Assert.Equal("404 NotFoundException: Invalid stage identifier specified", _api.Harness.Fail($"GET {StagedApi.Api}/stages/nope"));

        IEnumerable<string?> Names(string query)
        {
            WireValue list = _api.Harness.Do($"GET {StagedApi.Api}/stages{query}");
            Assert.Equal(["item"], list.Members.Select(static member => member.Key));
            return list["item"]!.Items.Select(static stage => stage.TextOf("stageName"));
        }
    }

    [Fact]
    public void Members_are_replaced()
    {
        _api.Harness.Api.Change(static edit =>
        {
            edit.Put(Scopes.Account, Kinds.ClientCertificate, "cert01", WireValue.NewObject());
            edit.Put(Scopes.RestApi(RestApiRecords.Api), Kinds.DocumentationVersion, "7", WireValue.NewObject());
        });
        _api.Harness.Clock.Now += TimeSpan.FromSeconds(90);
        WireValue stage = _api.Patch(
            "replace /description what it is for", "replace /cacheClusterEnabled True", "replace /cacheClusterSize 6.1", "replace /clientCertificateId cert01",
            "replace /documentationVersion 7", "replace /tracingEnabled true");
        Assert.Equal("what it is for", stage.TextOf("description"));
        Assert.True(stage.IsTrueOf("cacheClusterEnabled") && stage.IsTrueOf("tracingEnabled"));
        Assert.Equal(("6.1", "AVAILABLE", "cert01", "7"), (stage.TextOf("cacheClusterSize"), stage.TextOf("cacheClusterStatus"), stage.TextOf("clientCertificateId"), stage.TextOf("documentationVersion")));
        Assert.Equal(stage.NumberOf("createdDate") + 90, stage.NumberOf("lastUpdatedDate"));
        stage = _api.Patch("replace /clientCertificateId", "replace /cacheClusterEnabled yes", "replace /description", "replace /documentationVersion");
        Assert.Equal((null, null, null, "NOT_AVAILABLE"), (stage["clientCertificateId"], stage["description"], stage["documentationVersion"], stage.TextOf("cacheClusterStatus")));
    }

    [Theory]
    [InlineData("replace /deploymentId nope", "Deployment id does not exist")]
    [InlineData("replace /deploymentId", "Deployment id does not exist")]
    [InlineData("replace /cacheClusterSize 3", "Invalid cacheClusterSize specified. Must be one of: [0.5, 1.6, 6.1, 13.5, 28.4, 58.2, 118, 237]")]
    [InlineData("add /description x", "Invalid add operation with path: /description")]
    [InlineData("remove /description", "Cannot remove method setting description because there is no method setting for this method ")]
    [InlineData("remove /*/*", "Cannot remove method setting */* because there is no method setting for this method ")]
    [InlineData("remove /pets/GET", "Cannot remove method setting pets/GET because there is no method setting for this method ")]
    [InlineData("add /*/*/metrics/enabled true", "Invalid add operation with path: /*/*/metrics/enabled")]
    [InlineData("replace /*/*/throttling/burstLimit much", "Invalid throttlingBurstLimit specified: much. Must be a number that is not negative, or -1 for none")]
    [InlineData("replace /*/*/caching/ttlInSeconds 3601", "Invalid cacheTtlInSeconds specified: 3601. Must be between 0 and 3600")]
    [InlineData("replace /*/*/logging/loglevel LOUD", "Invalid loggingLevel specified: LOUD. Must be one of: [OFF, ERROR, INFO]")]
    [InlineData("replace /accessLogSettings/format", "Access Log value must not be empty")]
    [InlineData("replace /accessLogSettings/other x", "Invalid accessLogSettings path. Must be one of : [/accessLogSettings/destinationArn, /accessLogSettings/format]")]
    [InlineData("replace /methodSettings []", "Invalid methodSettings specified. Must be a JSON object")]
    public void What_is_wrong_is_refused_in_the_services_words(string operation, string text) => Assert.Equal("400 BadRequestException: " + text, _api.Refuse(operation));

    [Theory]
    [InlineData("replace /nope x")]
    [InlineData("replace /webAclArn x")]
    [InlineData("replace /tags/a b")]
    [InlineData("replace /stageName x")]
    [InlineData("replace /pets/GET/metrics x")]
    [InlineData("replace /pets/GET/metrics/nope true")]
    [InlineData("replace /pets/YELL/metrics/enabled true")]
    [InlineData("replace /*/GET/metrics/enabled true")]
    [InlineData("add /methodSettingz x")]
    public void Unknown_paths_are_refused_with_the_list_of_those_that_are_known(string operation) =>
        Assert.Equal(
            $"400 BadRequestException: Invalid method setting path: {operation.Split(' ')[1]}. Must be one of: [/deploymentId, /description, /cacheClusterEnabled, /cacheClusterSize, /clientCertificateId, "
            + "/accessLogSettings, /accessLogSettings/destinationArn, /accessLogSettings/format, /{resourcePath}/{httpMethod}/metrics/enabled, /{resourcePath}/{httpMethod}/logging/dataTrace, "
            + "/{resourcePath}/{httpMethod}/logging/loglevel, /{resourcePath}/{httpMethod}/throttling/burstLimit/{resourcePath}/{httpMethod}/throttling/rateLimit/{resourcePath}/{httpMethod}/caching/ttlInSeconds, "
            + "/{resourcePath}/{httpMethod}/caching/enabled, /{resourcePath}/{httpMethod}/caching/dataEncrypted, /{resourcePath}/{httpMethod}/caching/requireAuthorizationForCacheControl, "
            + "/{resourcePath}/{httpMethod}/caching/unauthorizedCacheControlHeaderStrategy, /*/*/metrics/enabled, /*/*/logging/dataTrace, /*/*/logging/loglevel, "
            + "/*/*/throttling/burstLimit /*/*/throttling/rateLimit /*/*/caching/ttlInSeconds, /*/*/caching/enabled, /*/*/caching/dataEncrypted, /*/*/caching/requireAuthorizationForCacheControl, "
            + "/*/*/caching/unauthorizedCacheControlHeaderStrategy, /variables/{variable_name}, /tracingEnabled]",
            _api.Refuse(operation));

    [Fact]
    public void Documents_without_a_path_or_with_unsupported_operations_are_refused()
    {
        Assert.StartsWith("400 BadRequestException: Invalid method setting path: null. ", _api.Harness.Fail($"PATCH {StagedApi.Stage}", """{"patchOperations":[{"op":"replace","value":"x"}]}"""), StringComparison.Ordinal);
        Assert.StartsWith("400 BadRequestException: Invalid method setting path: null. ", _api.Harness.Fail($"PATCH {StagedApi.Stage}", """{"patchOperations":[{"op":"remove"}]}"""), StringComparison.Ordinal);
        Assert.StartsWith("400 BadRequestException: Invalid patch operation specified.", _api.Refuse("move /description x"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_first_setting_of_a_method_brings_the_recorded_values_of_the_others()
    {
        WireValue stage = _api.Patch("replace /*/*/caching/enabled true");
        Assert.Equal(
            """{"*/*":{"metricsEnabled":false,"dataTraceEnabled":false,"throttlingBurstLimit":5000,"throttlingRateLimit":10000.0,"cachingEnabled":true,"cacheTtlInSeconds":300,"cacheDataEncrypted":false,"requireAuthorizationForCacheControl":true,"unauthorizedCacheControlHeaderStrategy":"SUCCEED_WITH_RESPONSE_HEADER"}}""",
            stage["methodSettings"]!.ToString());
        stage = _api.Patch("replace /test/GET/throttling/burstLimit 124");
        WireValue test = stage["methodSettings"]!["test/GET"]!;
        Assert.Equal((124, true), (test.NumberOf("throttlingBurstLimit"), test.IsTrueOf("cachingEnabled")));
        Assert.Equal(5000, stage["methodSettings"]!["*/*"]!.NumberOf("throttlingBurstLimit"));
    }

    [Fact]
    public void Every_setting_has_its_path()
    {
        WireValue method = _api.Patch(
            "replace /a/GET/metrics/enabled true", "replace /a/GET/logging/loglevel INFO", "replace /a/GET/logging/dataTrace TRUE", "replace /a/GET/throttling/burstLimit -1", "replace /a/GET/throttling/rateLimit 0.5",
            "replace /a/GET/caching/enabled true", "replace /a/GET/caching/ttlInSeconds 3600", "replace /a/GET/caching/dataEncrypted true", "replace /a/GET/caching/requireAuthorizationForCacheControl no",
            "replace /a/GET/caching/unauthorizedCacheControlHeaderStrategy FAIL_WITH_403")["methodSettings"]!["a/GET"]!;
        Assert.Equal(
            """{"metricsEnabled":true,"dataTraceEnabled":true,"throttlingBurstLimit":-1,"throttlingRateLimit":0.5,"cachingEnabled":true,"cacheTtlInSeconds":3600,"cacheDataEncrypted":true,"requireAuthorizationForCacheControl":false,"unauthorizedCacheControlHeaderStrategy":"FAIL_WITH_403","loggingLevel":"INFO"}""",
            method.ToString());
    }

    [Theory]
    [InlineData("/~1pets~1{id}/GET", "pets/{id}/GET")]
    [InlineData("/pets/{id}/GET", "pets/{id}/GET")]
    [InlineData("/pets~1{id}/GET", "pets/{id}/GET")]
    [InlineData("/~1/GET", "~1/GET")]
    [InlineData("//GET", "~1/GET")]
    [InlineData("/*/*", "*/*")]
    [InlineData("/variables/a/GET", "variables/a/GET")]
    public void Methods_are_named_by_one_escaped_part_or_by_several(string method, string key)
    {
        Assert.Equal([key], _api.Patch($"replace {method}/metrics/enabled true")["methodSettings"]!.Members.Select(static member => member.Key));
        Assert.Equal("{}", _api.Patch($"remove {method}")["methodSettings"]!.ToString());
    }

    [Fact]
    public void All_method_settings_are_replaced_at_once()
    {
        _api.Patch("replace /a/GET/metrics/enabled true");
        WireValue settings = _api.Patch("""replace /methodSettings {"*/*":{"loggingLevel":"ERROR","throttlingRateLimit":7},"~1pets~1{id}/GET":{"cachingEnabled":"true"}}""")["methodSettings"]!;
        Assert.Equal(["*/*", "pets/{id}/GET"], settings.Members.Select(static member => member.Key));
        Assert.Equal(("ERROR", 7.0, true), (settings["*/*"]!.TextOf("loggingLevel"), settings["*/*"]!.DoubleOf("throttlingRateLimit"), settings["pets/{id}/GET"]!.IsTrueOf("cachingEnabled")));
        Assert.Equal("400 BadRequestException: Invalid method setting specified: colour", _api.Refuse("""replace /methodSettings {"*/*":{"colour":"red"}}"""));
        Assert.Equal("400 BadRequestException: Invalid method setting key specified: GET", _api.Refuse("""replace /methodSettings {"GET":{}}"""));
    }

    [Fact]
    public void Access_logs_are_set_by_member_and_removed_whole()
    {
        WireValue stage = _api.Patch("replace /accessLogSettings/destinationArn arn:aws:logs:us-east-1:000000000000:log-group:a", "add /accessLogSettings/format $context.requestId");
        Assert.Equal("""{"destinationArn":"arn:aws:logs:us-east-1:000000000000:log-group:a","format":"$context.requestId"}""", stage["accessLogSettings"]!.ToString());
        Assert.Equal("""{"format":"$context.requestId"}""", _api.Patch("remove /accessLogSettings/destinationArn")["accessLogSettings"]!.ToString());
        Assert.Null(_api.Patch("remove /accessLogSettings")["accessLogSettings"]);
    }

    [Fact]
    public void A_document_is_applied_whole_or_not_at_all()
    {
        Assert.StartsWith("400", _api.Refuse("replace /description x", "replace /nope y"), StringComparison.Ordinal);
        Assert.Null(_api.Shown["description"]);
    }

    [Fact]
    public void Flushing_empties_the_stage_cache_and_needs_the_stage()
    {
        var flushed = new List<string>();
        var harness = new ManagementHarness(RestApiRecords.Book("GET /"), services => services with { FlushCache = (api, stage) => flushed.Add(api + "/" + stage) });
        harness.Do($"POST {StagedApi.Api}/deployments", """{"stageName":"prod"}""");
        Assert.Equal(202, harness.Call($"DELETE {StagedApi.Stage}/cache/data").Status);
        Assert.Equal([RestApiRecords.Api + "/prod"], flushed);
        Assert.Equal(202, harness.Call($"DELETE {StagedApi.Stage}/cache/authorizers").Status);
        Assert.Equal("404 NotFoundException: Invalid stage identifier specified", harness.Fail($"DELETE {StagedApi.Api}/stages/nope/cache/data"));
        Assert.Equal("404 NotFoundException: Invalid stage identifier specified", harness.Fail($"DELETE {StagedApi.Api}/stages/nope/cache/authorizers"));
    }

    [Fact]
    public void A_stage_that_goes_leaves_the_usage_plans_and_one_that_a_domain_names_stays()
    {
        _api.Harness.Api.Change(static edit =>
        {
            WireValue stages = WireValue.NewList();
            foreach (string stage in (string[])["prod", "beta"]) stages.Items.Add(WireValue.NewObject().Set("apiId", RestApiRecords.Api).Set("stage", stage));
            edit.Put(Scopes.Account, Kinds.UsagePlan, "plan01", WireValue.NewObject().Set("id", "plan01").Set("apiStages", stages));
            edit.Put(Scopes.DomainName("a.example"), Kinds.ApiMapping, "map001", WireValue.NewObject().Set("apiMappingKey", "").Set("apiId", RestApiRecords.Api).Set("stage", "prod"));
        });
        Assert.Equal("400 BadRequestException: Please remove all base path mappings related to the stage in your account before deleting the stage.", _api.Harness.Fail($"DELETE {StagedApi.Stage}"));
        _api.Harness.Api.Change(static edit => edit.RemoveScope(Scopes.DomainName("a.example")));
        Assert.Equal(202, _api.Harness.Call($"DELETE {StagedApi.Stage}").Status);
        Assert.Equal($$"""{"id":"plan01","apiStages":[{"apiId":"{{RestApiRecords.Api}}","stage":"beta"}]}""", _api.Harness.Book.Find(Scopes.Account, Kinds.UsagePlan, "plan01")!.Open().ToString());
        Assert.Equal("404 NotFoundException: Invalid stage identifier specified", _api.Harness.Fail($"DELETE {StagedApi.Stage}"));
    }
}
