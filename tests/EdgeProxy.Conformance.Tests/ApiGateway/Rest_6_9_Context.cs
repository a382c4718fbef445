using EdgeProxy.TestKit;

namespace EdgeProxy.Conformance.Tests.ApiGateway;

/// <summary>rest-api.md 6.9 and 6.10: <c>$context</c> and <c>$stageVariables</c>.</summary>
public sealed class Rest_6_9_Context
{
    private static TemplateStage Stage() => new TemplateStage()
        .WithContext("requestId", "id-1").WithContext("identity.sourceIp", "10.0.0.1").WithContext("identity.userAgent", null)
        .WithContext("requestTimeEpoch", "1583349317135").WithContext("stage", "dev").WithContext("authorizer.principalId", "p")
        .WithContextMember("authorizer", "tier", "gold")
        .WithStageVariable("tbl", "T1").WithStageVariable("url", "a.b:80/x?y=1");

    [Theory]
    [InlineData("$context.requestId $context.identity.sourceIp ${context.stage}x", "id-1 10.0.0.1 devx")]
    [InlineData("[$context.identity.userAgent][$context.none][$context.identity.none.x]", "[][][]")]
    [InlineData("$context[\"requestId\"] $context[\"identity\"][\"sourceIp\"] $context.get(\"stage\")", "id-1 10.0.0.1 dev")]
    [InlineData("$context.authorizer.principalId $context.authorizer.tier [$context.authorizer.none]", "p gold []")]
    [InlineData("#set($s = $context.requestTimeEpoch / 1000)$s", "1583349317")]
    [InlineData("#foreach($k in $context.identity.keySet())$k=$context.identity.get($k);#end", "sourceIp=10.0.0.1;userAgent=;")]
    [InlineData("$context.identity", "{sourceIp=10.0.0.1, userAgent=null}")]
    [InlineData("$context.authorizer.keySet()", "[principalId, tier]")]
    [InlineData("$context.keySet().contains(\"requestId\") $context.containsKey(\"none\") $context.keySet().contains(\"requestOverride\")", "true false true")]
    [InlineData("#set($context = 1)$context", "1")]
    public void Context(string template, string output) => Assert.Equal(output, Stage().Render(template));

    [Theory]
    [InlineData("$stageVariables.tbl $stageVariables['tbl'] ${stageVariables['tbl']} ${stageVariables.url}", "T1 T1 T1 a.b:80/x?y=1")]
    [InlineData("[$stageVariables.none][${stageVariables['none']}]", "[][]")]
    [InlineData("#foreach($k in $stageVariables.keySet())$k #end$stageVariables.size() $stageVariables", "tbl url 2 {tbl=T1, url=a.b:80/x?y=1}")]
    [InlineData("$stageVariables.get(\"tbl\").toLowerCase()", "t1")]
    public void Stage_variables(string template, string output) => Assert.Equal(output, Stage().Render(template));
}
