using EdgeProxy.TestKit;
using EdgeProxy.Templates;

namespace EdgeProxy.Conformance.Tests.ApiGateway;

/// <summary>rest-api.md 6.8: <c>$util</c>.</summary>
public sealed class Rest_6_8_Util
{
    [Theory]
    [InlineData("plain text", "plain text")]
    [InlineData("a\\b\"c'd/e", "a\\\\b\\\"c\\'d\\/e")]
    [InlineData("\n\r\t\b\f\u0001\u007f", "\\n\\r\\t\\b\\f\\u0001\\u007F")]
    [InlineData("é😀", "\\u00E9\\uD83D\\uDE00")]
    public void EscapeJavaScript(string text, string output) =>
        Assert.Equal(output, new TemplateStage().With(ParameterPlace.Header, "h", text).Render("$util.escapeJavaScript($input.params('h'))"));

    [Theory]
    [InlineData("$util.escapeJavaScript($none)", "")]
    [InlineData("$util.escapeJavaScript($input.path('$'))", "{a=1}")]
    [InlineData("$util.escapeJavaScript($input.json('$'))", "{\\\"a\\\":1}")]
    [InlineData("$util.escapeJavaScript(5)", "5")]
    [InlineData("$util.urlEncode('{\"some\": \"value\"}')", "%7B%22some%22%3A+%22value%22%7D")]
    [InlineData("[$util.urlEncode('')][$util.urlEncode($none)]", "[][]")]
    [InlineData("$util.urlEncode('aZ09.-*_~ü')", "aZ09.-*_%7E%C3%BC")]
    [InlineData("$util.urlDecode('a+b%20%c3%BC')", "a b ü")]
    [InlineData("$util.base64Encode('')$util.base64Encode('a')$util.base64Encode('ab')$util.base64Encode('abc')$util.base64Encode('ü?>')", "YQ==YWI=YWJjw7w/Pg==")]
    [InlineData("$util.base64Decode('YQ==')$util.base64Decode('YWI')$util.base64Decode('')", "aab")]
    [InlineData("$util.parseJson('[]') $util.parseJson('1') $util.parseJson('\"x\"') $util.parseJson('{\"a\":[true]}').a", "[] 1 x [true]")]
    [InlineData("#set($o = $util.parseJson('\"a\\u0041\"'))$o", "aA")]
    [InlineData("[$util.toJson('x')][$util.error('x')][$util.none][$util.parseJson()]", "[][][][]")]
    public void Functions(string template, string output) => Assert.Equal(output, new TemplateStage().WithBody("""{"a":1}""").Render(template));

    [Theory]
    [InlineData("$util.parseJson('{')", TemplateFault.InvalidJson)]
    [InlineData("$util.parseJson('')", TemplateFault.InvalidJson)]
    [InlineData("$util.parseJson('{\"a\":1,}')", TemplateFault.InvalidJson)]
    [InlineData("$util.base64Decode('%%%')", TemplateFault.InvalidBase64)]
    [InlineData("$util.urlDecode('%g0')", TemplateFault.InvalidUrlCode)]
    public void Wrong_text_is_a_fault(string template, TemplateFault fault) => Assert.Equal(fault, new TemplateStage().Run(template).Fault);

    [Fact]
    public void Decoded_bytes_that_are_no_text_become_replacement_characters() =>
        Assert.Equal("a\uFFFDb\uFFFD", new TemplateStage().Render("$util.base64Decode('Yf9i')$util.urlDecode('%ff')"));
}
