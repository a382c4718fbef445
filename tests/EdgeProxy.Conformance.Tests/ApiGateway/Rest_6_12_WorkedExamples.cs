using EdgeProxy.TestKit;
using EdgeProxy.Templates;

namespace EdgeProxy.Conformance.Tests.ApiGateway;

/// <summary>rest-api.md 6.12: the worked examples, byte for byte.</summary>
public sealed class Rest_6_12_WorkedExamples
{
    private const string Body = """{"name":"Bob","n":2,"ok":true,"tags":["a","b"],"addr":{"city":"Oslo"},"items":[{"id":1,"p":9.5},{"id":2,"p":20}]}""";

    [Theory]
    [InlineData(1, "$input.json('$.name')", "\"Bob\"")]
    [InlineData(2, "$input.path('$.name')", "Bob")]
    [InlineData(3, "$input.json('$.addr')", "{\"city\":\"Oslo\"}")]
    [InlineData(4, "$input.path('$.addr')", "{city=Oslo}")]
    [InlineData(5, "$input.path('$.tags')", "[\"a\",\"b\"]")]
    [InlineData(6, "$input.path('$.items')[1].id", "2")]
    [InlineData(7, "$input.json('$.items[*].id')", "[1,2]")]
    [InlineData(8, "$input.json('$.items[?(@.p > 10)]')", "[{\"id\":2,\"p\":20}]")]
    [InlineData(9, "$input.path('$.none')", "")]
    [InlineData(10, "$input.json('$.none')", "\"\"")]
    [InlineData(11, "$input.params('id')/$input.params('q')", "42/z")]
    [InlineData(12, "$input.params().querystring", "{q=z}")]
    [InlineData(13, "$util.escapeJavaScript($input.params('X-Tok'))", "t\\'1")]
    [InlineData(14, "$util.escapeJavaScript($input.params('X-Tok')).replaceAll(\"\\\\'\",\"'\")", "t'1")]
    [InlineData(15, "#set($a = $input.path('$.n'))#set($b = $a + 3)$b ${a}x $a-b", "5 2x ")]
    [InlineData(16, "#foreach($t in $input.path('$.tags'))$foreach.index:$t#if($foreach.hasNext),#end#end", "0:a,1:b")]
    [InlineData(17, "#foreach($i in [1..3])$i#if($i == 2)#break#end#end", "12")]
    [InlineData(18, "#if($input.path('$.ok') && $input.path('$.n') > 1)Y#{else}N#end", "Y")]
    [InlineData(19, "#set($m = {\"a\":\"1\"})#set($x = $m.put(\"b\",\"2\"))$m.size() $m.keySet() $m", "2 [a, b] {a=1, b=2}")]
    [InlineData(20, "#set($s = \"a-b-c\")#set($p = $s.split(\"-\"))$p[1] $p.size() $s.substring(2) $s.indexOf(\"c\") $s.replaceAll(\"-\",\"_\")", "b 3 b-c 4 a_b_c")]
    [InlineData(21, "$util.urlEncode(\"a b&c=ü\")", "a+b%26c%3D%C3%BC")]
    [InlineData(22, "$util.base64Encode(\"hi?\")$util.base64Decode(\"aGk/\")", "aGk/hi?")]
    [InlineData(23, "#set($o = $util.parseJson('{\"k\":{\"arr\":[1,2,3]}}'))$o.k.arr[0] $o.k.arr", "1 [1,2,3]")]
    [InlineData(24, "\"$stageVariables.tbl\" \"${stageVariables['tbl']}\" \"$stageVariables.nope\"", "\"T1\" \"T1\" \"\"")]
    [InlineData(25, "#set($v = 7 / 2)$v;#set($w = 7 / 2.0)$w;#set($r = 7 % 4)$r", "3;3.5;3")]
    [InlineData(26, "#set($q = \"single '$input.path('$.n')' \"\"dbl\"\"\")$q", "single '2' \"dbl\"")]
    [InlineData(27, "#set($r = $input.path(\"$.x\")){\"isNull\": #if($r == $null)\"true\"#else\"false\"#end}", "{\"isNull\": \"true\"}")]
    [InlineData(28, "## note\nA#* b *#C\n", "AC")]
    [InlineData(30, "#define($L)[$e]#end#foreach($e in [\"a\",\"b\"])$L#end", "[a][b]")]
    public void Example(int number, string template, string output)
    {
        Assert.True(number > 0);
        Assert.Equal(output, Stage().WithBody(Body).Render(template));
    }

    [Fact]
    public void Example_29_reads_an_empty_body_as_an_empty_object() =>
        Assert.Equal("Action=SendMessage&MessageBody={}", Stage().Render("Action=SendMessage&MessageBody=$input.body"));

    [Fact]
    public void Example_31_lists_all_parameters()
    {
        const string template = """
            #set($allParams = $input.params())
            { "params" : { #foreach($type in $allParams.keySet()) #set($params = $allParams.get($type)) "$type" : {
             #foreach($n in $params.keySet()) "$n" : "$util.escapeJavaScript($params.get($n))" #if($foreach.hasNext),#end #end } #if($foreach.hasNext),#end #end } }
            """;
        string text = Stage().Render(template).Replace("\\'", "'", StringComparison.Ordinal);
        using var document = System.Text.Json.JsonDocument.Parse(text);
        System.Text.Json.JsonElement parameters = document.RootElement.GetProperty("params");
        Assert.Equal(["path", "querystring", "header"], parameters.EnumerateObject().Select(group => group.Name));
        Assert.Equal("42", parameters.GetProperty("path").GetProperty("id").GetString());
        Assert.Equal("z", parameters.GetProperty("querystring").GetProperty("q").GetString());
        Assert.Equal("t'1", parameters.GetProperty("header").GetProperty("X-Tok").GetString());
    }

    [Fact]
    public void Example_32_sets_the_status()
    {
        TemplateStage stage = new TemplateStage().WithBody("""{"errors":[{"key":"k"}]}""");
        Assert.Equal("""{"errors":[{"key":"k"}]}""", stage.Render("#set($r = $input.path('$'))$input.json(\"$\")#if($r.toString().contains(\"error\"))#set($context.responseOverride.status = 400)#end"));
        Assert.Equal(400, stage.Overrides.Status);
    }

    [Fact]
    public void Example_33_hands_over_from_request_to_response()
    {
        TemplateStage stage = new TemplateStage().WithBody("""{"message":"hello"}""");
        Assert.Equal("""{"statusCode": 200}""", stage.Render("#set($context.requestOverride.path.body = $input.body){\"statusCode\": 200}"));
        stage.WithBody("");
        Assert.Equal("hello", stage.Render("$util.parseJson($context.requestOverride.path.body).message"));
    }

    private static TemplateStage Stage() => new TemplateStage()
        .With(ParameterPlace.Path, "id", "42")
        .With(ParameterPlace.QueryString, "q", "x y").With(ParameterPlace.QueryString, "q", "z")
        .With(ParameterPlace.Header, "X-Tok", "t'1")
        .WithStageVariable("tbl", "T1");
}
