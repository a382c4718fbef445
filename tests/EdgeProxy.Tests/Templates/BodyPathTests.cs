using System.Text;
using EdgeProxy.Templates;

namespace EdgeProxy.Tests.Templates;

public sealed class BodyPathTests
{
    private const string Body = """{"name":"Bob","n":2.50,"ok":true,"no":null,"tags":["a","b"],"addr":{"city":"Oslo"},"items":[{"id":1},{"id":2}]}""";

    private readonly TemplateOutput _output = new();

    [Theory]
    [InlineData("$.name", "Bob")]
    [InlineData("$.ok", "true")]
    [InlineData("$.n", "2.5")]
    [InlineData("$.no", "")]
    [InlineData("$.missing.far", "")]
    [InlineData("$.tags", "[\"a\",\"b\"]")]
    [InlineData("$.addr", "{\"city\":\"Oslo\"}")]
    [InlineData("$['addr'].city", "Oslo")]
    [InlineData("$.items[1].id", "2")]
    [InlineData("$.items[*].id", "[1,2]")]
    [InlineData("$..id", "[1,2]")]
    [InlineData("$", Body)]
    public void Writes_texts_bare_and_what_has_members_as_JSON(string path, string expected)
    {
        if (path == "$") expected = expected.Replace("2.50", "2.5", StringComparison.Ordinal);
        Assert.Equal(TemplateFault.None, Find(path, Body));
        Assert.Equal(expected, Encoding.UTF8.GetString(_output.Written));
    }

    [Theory]
    [InlineData("{\"a\":")]
    [InlineData("'a'")]
    [InlineData("")]
    public void What_is_no_JSON_is_said_to_be_none(string document) => Assert.Equal(TemplateFault.InvalidJson, Find("$.a", document));

    [Fact]
    public void A_document_with_more_than_allowed_is_given_up()
    {
        Assert.Equal(TemplateFault.TooManyItems, Find("$", "[1,2,3,4,5]", new TemplateLimits { Items = 3 }));
        Assert.Equal(TemplateFault.OutputTooLarge, Find("$", "[1,2,3,4,5]", new TemplateLimits { Output = 4 }));
        Assert.Equal(TemplateFault.TooManySteps, Find("$..x", "[1,2,3,4,5]", new TemplateLimits { Steps = 3 }));
    }

    [Fact]
    public void A_text_that_is_no_path_is_none()
    {
        Assert.False(BodyPath.TryParse("$.["u8, out _));
        Assert.False(BodyPath.TryParse("$.a[?("u8, out _));
    }

    private TemplateFault Find(string path, string document, TemplateLimits? limits = null)
    {
        Assert.True(BodyPath.TryParse(Encoding.UTF8.GetBytes(path), out BodyPath? parsed));
        return new TemplateExecutor(limits ?? new TemplateLimits()).Find(parsed, Encoding.UTF8.GetBytes(document), _output);
    }
}
