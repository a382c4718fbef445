using System.Text;
using EdgeProxy.Gateway.Snapshots;
using static EdgeProxy.Tests.Gateway.TestGateway;

namespace EdgeProxy.Tests.Gateway.Snapshots;

public sealed class BodyTemplateTests
{
    [Theory]
    [InlineData("$context.stage", false)]
    [InlineData("$input.params('id') ${input.params().header}", false)]
    [InlineData("$input.body", true)]
    [InlineData("$input.params('id')$input.json('$')", true)]
    [InlineData("#set($i = $input)$i.body", true)]
    [InlineData("\"$input\"", true)]
    [InlineData("#evaluate(\"$stageVariables.t\")", true)]
    [InlineData("input", true)]
    public void Says_whether_a_run_may_ask_for_the_body(string text, bool reads) => Assert.Equal(reads, Vtl(text).ReadsBody);

    [Fact]
    public void A_constant_is_told_without_the_blanks_around_it_and_with_its_status()
    {
        var template = new BodyTemplate("application/json", "\n  {\"statusCode\": 201} \r\n");
        Assert.Equal("{\"statusCode\": 201}", Encoding.UTF8.GetString(template.Constant!));
        Assert.Equal((true, 201, false, false), (template.HasMockStatus, template.Status, template.ReadsBody, template.IsEmpty));
        Assert.True(new BodyTemplate("application/json", "").IsEmpty);
        Assert.False(new BodyTemplate("application/json", " ").IsEmpty);
    }

    [Fact]
    public void A_broken_one_has_nothing_to_run_and_is_not_empty()
    {
        BodyTemplate broken = BodyTemplate.Broken("application/json");
        Assert.Null(broken.Program);
        Assert.Null(broken.Constant);
        Assert.False(broken.IsEmpty);
    }
}
