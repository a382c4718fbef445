using System.Text;
using EdgeProxy.TestKit;
using EdgeProxy.Templates;

namespace EdgeProxy.Conformance.Tests.ApiGateway;

/// <summary>rest-api.md 6.11: what a template changes beside its output.</summary>
public sealed class Rest_6_11_Overrides
{
    [Theory]
    [InlineData("#set($context.requestOverride.header.X-A = \"1\")", "RequestHeader X-A=1")]
    [InlineData("#set($context.requestOverride.path.id = 5)", "RequestPath id=5")]
    [InlineData("#set($n = \"q\")#set($context.requestOverride.querystring[$n] = \"v\")", "RequestQueryString q=v")]
    [InlineData("#set($context[\"requestOverride\"].querystring[\"x\"] = \"v\")", "RequestQueryString x=v")]
    [InlineData("$context.requestOverride.querystring.put(\"a\", \"b\")", "RequestQueryString a=b")]
    [InlineData("#set($context.responseOverride.header.Location = \"/x\")", "ResponseHeader Location=/x")]
    [InlineData("#set($context.requestOverride.header.m = [\"foo\", 2])#set($context.requestOverride.header.n = \"z\")", "RequestHeader m=foo,2;RequestHeader n=z")]
    [InlineData("#set($context.requestOverride.header.a = \"1\")#set($context.requestOverride.header.a = \"2\")", "RequestHeader a=2")]
    [InlineData("#set($context.requestOverride.header.a = $none)", "")]
    [InlineData("#set($context.requestOverride.header.a = $input.path('$.o'))", "RequestHeader a={k=v}")]
    [InlineData("#set($context.requestOverride = {\"header\": {\"z\": \"1\"}})", "RequestHeader z=1")]
    public void Set_by_property_by_index_or_by_put(string template, string overrides)
    {
        TemplateStage stage = new TemplateStage().WithBody("""{"o":{"k":"v"}}""");
        Assert.Equal("", stage.Render(template));
        Assert.Equal(overrides, Text(stage.Overrides));
    }

    [Theory]
    [InlineData("400", 400)]
    [InlineData("99", 0)]
    [InlineData("600", 0)]
    [InlineData("\"400\"", 0)]
    [InlineData("400.0", 0)]
    public void Only_an_integer_is_a_status(string value, int status)
    {
        TemplateStage stage = new();
        stage.Render($"#set($context.responseOverride.status = {value})");
        Assert.Equal(status, stage.Overrides.Status);
    }

    [Fact]
    public void Unknown_members_are_kept_for_the_response_template()
    {
        TemplateStage stage = new();
        stage.Render("#set($context.responseOverride.custom = {\"a\": [1, 2.5, true, \"x\"]})#set($context.requestOverride.header.h = \"v\")");
        Assert.Equal("{a=[1, 2.5, true, x]} v []", stage.Render("$context.responseOverride.custom $context.requestOverride.header.h [$context.responseOverride.none]"));
        Assert.Equal("RequestHeader h=v", Text(stage.Overrides));
    }

    [Fact]
    public void A_template_that_fails_changes_nothing()
    {
        TemplateStage stage = new();
        Assert.Equal(TemplateFault.InvalidJson, stage.Run("#set($context.responseOverride.status = 400)$util.parseJson('x')").Fault);
        Assert.Equal((0, 0), (stage.Overrides.Status, stage.Overrides.Count));
    }

    private static string Text(TemplateOverrides overrides)
    {
        var text = new StringBuilder();
        for (int i = 0; i < overrides.Count; i++)
        {
            if (overrides.Continues(i)) text.Append(',');
            else text.Append(text.Length > 0 ? ";" : "").Append(overrides.Target(i)).Append(' ').Append(Encoding.UTF8.GetString(overrides.Name(i))).Append('=');
            text.Append(Encoding.UTF8.GetString(overrides.Value(i)));
        }

        return text.ToString();
    }
}
