using System.Text;
using EdgeProxy.Templates;
using EdgeProxy.Templates.JsonPath;
using EdgeProxy.TestKit;

namespace EdgeProxy.Tests.Templates.JsonPath;

public sealed class JsonPathQueryTests
{
    [Theory]
    [InlineData("")]
    [InlineData("$.")]
    [InlineData("$[")]
    [InlineData("$['a'")]
    [InlineData("$['a]")]
    [InlineData("$[?(@.a]")]
    [InlineData("$[?(@.a ==)]")]
    [InlineData("$[?(@.a =~ /(/)]")]
    [InlineData("$[?(1)]")]
    [InlineData("$[1,]")]
    [InlineData("$.a b")]
    [InlineData("$.none()")]
    [InlineData("$..")]
    [InlineData("$[99999999999]")]
    public void Refuses_what_is_no_path(string path) => Assert.Null(JsonPathQuery.Parse(Encoding.UTF8.GetBytes(path)));

    [Fact]
    public void Filters_nested_too_deeply_are_refused() =>
        Assert.Null(JsonPathQuery.Parse(Encoding.UTF8.GetBytes("$[?(" + new string('(', 1000) + "@.a" + new string(')', 1000) + ")]")));

    [Fact]
    public void Random_paths_over_random_json_never_throw()
    {
        string[] pieces = ["$", "@", ".", "..", "a", "b", "[", "]", "'a'", "\"b\"", "*", "?", "(", ")", "@.a", "$.b", "==", "<", "&&", "||", "!", "1", "-1", ":", ",", "0", "=~", "/a/i", " in ", "['a','b']", ".length()", ".max()", "[?(@.a)]", "[?(@.a > 1)]", "[0]", "[*]", "[1:]", "..a", "..*", " size ", " empty "];
        var random = new Random(11);
        int found = 0;
        for (int i = 0; i < 20_000; i++)
        {
            string path = "$" + string.Concat(Enumerable.Range(0, random.Next(7)).Select(_ => pieces[random.Next(pieces.Length)]));
            if (JsonPathQuery.Parse(Encoding.UTF8.GetBytes(path)) is null) continue;
            TemplateStage stage = new TemplateStage(new TemplateLimits { Steps = 50_000 }).WithBody(Json(random, 4)).With(ParameterPlace.Header, "p", path);
            TemplateResult result = stage.Run("$input.json($input.params('p'))$input.path($input.params('p'))");
            Assert.NotEqual(TemplateFault.InvalidJsonPath, result.Fault);
            found++;
        }

        Assert.True(found > 2000, $"only {found} paths were any");
    }

    private static string Json(Random random, int depth) => random.Next(depth > 0 ? 7 : 4) switch
    {
        0 => "1",
        1 => "\"a\"",
        2 => "null",
        3 => "2.5",
        4 or 5 => "{" + string.Join(',', Enumerable.Range(0, random.Next(4)).Select(_ => $"\"{"abc"[random.Next(3)]}\":{Json(random, depth - 1)}")) + "}",
        _ => "[" + string.Join(',', Enumerable.Range(0, random.Next(4)).Select(_ => Json(random, depth - 1))) + "]",
    };
}
