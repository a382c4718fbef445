using EdgeProxy.TestKit;
using EdgeProxy.Templates;

namespace EdgeProxy.Conformance.Tests.ApiGateway;

/// <summary>rest-api.md 6.7: <c>$input</c> and JSONPath.</summary>
public sealed class Rest_6_7_Input
{
    private const string Store = """
        {"store":{"book":[
          {"category":"reference","author":"Nigel Rees","title":"Sayings","price":8.95},
          {"category":"fiction","author":"Evelyn Waugh","title":"Sword","price":12.99},
          {"category":"fiction","author":"Herman Melville","title":"Moby","isbn":"0-553","price":8.99},
          {"category":"fiction","author":"J. R. R. Tolkien","title":"Rings","isbn":"0-395","price":22.99}],
         "bicycle":{"color":"red","price":19.95}},
         "expensive":10,"a.b":1,"a-b":2,"n":null,"tags":["x","y","z"],"empty":[],"nums":[3,1,2]}
        """;

    [Theory]
    [InlineData("$.store.book[0].title", "\"Sayings\"")]
    [InlineData("$['store']['book'][1]['title']", "\"Sword\"")]
    [InlineData("store.book[-1].title", "\"Rings\"")]
    [InlineData("$.store.book[*].author", """["Nigel Rees","Evelyn Waugh","Herman Melville","J. R. R. Tolkien"]""")]
    [InlineData("$..author", """["Nigel Rees","Evelyn Waugh","Herman Melville","J. R. R. Tolkien"]""")]
    [InlineData("$.store..price", "[8.95,12.99,8.99,22.99,19.95]")]
    [InlineData("$.store.*.color", "[\"red\"]")]
    [InlineData("$..book[2].title", "[\"Moby\"]")]
    [InlineData("$..book[0,1].title", "[\"Sayings\",\"Sword\"]")]
    [InlineData("$.tags[:2]", "[\"x\",\"y\"]")]
    [InlineData("$.tags[1:]", "[\"y\",\"z\"]")]
    [InlineData("$.tags[-2:]", "[\"y\",\"z\"]")]
    [InlineData("$.tags[0:-1]", "[\"x\",\"y\"]")]
    [InlineData("$.tags[5:9]", "[]")]
    [InlineData("$..book[?(@.isbn)].title", "[\"Moby\",\"Rings\"]")]
    [InlineData("$.store.book[?(@.price < 10)].title", "[\"Sayings\",\"Moby\"]")]
    [InlineData("$..book[?(@.price <= $['expensive'])].title", "[\"Sayings\",\"Moby\"]")]
    [InlineData("$.store.book[?(@.price < 10 && @.category == 'fiction')].title", "[\"Moby\"]")]
    [InlineData("$.store.book[?(@.price > 20 || @.category == \"reference\")].title", "[\"Sayings\",\"Rings\"]")]
    [InlineData("$.store.book[?(!(@.isbn))].title", "[\"Sayings\",\"Sword\"]")]
    [InlineData("$..book[?(@.author =~ /.*REES/i)].title", "[\"Sayings\"]")]
    [InlineData("$.store.book[?(@.title in ['Sword','Rings'])].price", "[12.99,22.99]")]
    [InlineData("$.store.book[?(@.title nin ['Sword','Rings'])].price", "[8.95,8.99]")]
    [InlineData("$.store.book[?(@.isbn nin ['0-553'])].title", "[\"Sayings\",\"Sword\",\"Rings\"]")]
    [InlineData("$.store.book[?(/Sw.*/ =~ @.title)].title", "[\"Sword\"]")]
    [InlineData("$.store.book[?(@.price =~ /8.*/)].title", "[\"Sayings\",\"Moby\"]")]
    [InlineData("$.store.book[?(@.isbn =~ /.*/)].title", "[\"Moby\",\"Rings\"]")]
    [InlineData("$[?(@.tags =~ /y/)].expensive", "[10]")]
    [InlineData("$..[?(@.isbn)].title", "[\"Moby\",\"Rings\"]")]
    [InlineData("$..[?(@.price > 15)].price", "[22.99,19.95]")]
    [InlineData("$..['isbn','price']", """[{"isbn":"0-553","price":8.99},{"isbn":"0-395","price":22.99}]""")]
    [InlineData("$.store.book[1,2]['title','isbn']", """[{"title":"Sword"},{"title":"Moby","isbn":"0-553"}]""")]
    [InlineData("$.missing[*]", "[]")]
    [InlineData("$.missing.*.x", "[]")]
    [InlineData("$.missing..x", "[]")]
    [InlineData("$.missing.x[0:1]", "[]")]
    [InlineData("$.missing[?(@.x)].y", "[]")]
    [InlineData("$.store.book[9][0,1]", "[]")]
    [InlineData("$.missing[*].length()", "\"\"")]
    [InlineData(".color", "[\"red\"]")]
    [InlineData("$[?(@.color)]", "[]")]
    [InlineData("$.store[?(@.color == 'red')]", "[]")]
    [InlineData("$.store.bicycle[?(@.color == 'red')].price", "[19.95]")]
    [InlineData("$[?(@.tags subsetof ['x','y','z','w'])].expensive", "[10]")]
    [InlineData("$[?(@.tags size 3)].expensive", "[10]")]
    [InlineData("$[?(@.empty empty true)].expensive", "[10]")]
    [InlineData("$[?(@.n == null)].expensive", "[10]")]
    [InlineData("$[?(@.missing == null)].expensive", "[]")]
    [InlineData("$[?(@.tags contains 'y')].expensive", "[10]")]
    [InlineData("$.tags.length()", "3")]
    [InlineData("$.store.book.length()", "4")]
    [InlineData("$.nums.min()", "1.0")]
    [InlineData("$.nums.max()", "3.0")]
    [InlineData("$.nums.avg()", "2.0")]
    [InlineData("$.nums.sum()", "6.0")]
    [InlineData("$..price.sum()", "73.87")]
    [InlineData("$.tags.concat()", "\"xyz\"")]
    [InlineData("$.store.bicycle.keys()", "[\"color\",\"price\"]")]
    [InlineData("$['a.b']", "1")]
    [InlineData("$.a-b", "2")]
    [InlineData("$.store.bicycle['color','price']", "{\"color\":\"red\",\"price\":19.95}")]
    [InlineData("$.missing", "\"\"")]
    [InlineData("$.missing.deeper[0]", "\"\"")]
    [InlineData("$.tags[9]", "\"\"")]
    [InlineData("$.tags.x", "\"\"")]
    [InlineData("$..missing", "[]")]
    public void Paths(string path, string output)
    {
        string quoted = path.Replace("'", "''", StringComparison.Ordinal);
        Assert.Equal(output, new TemplateStage().WithBody(Store).Render($"$input.json('{quoted}')"));
    }

    [Theory]
    [InlineData("$")]
    [InlineData("$.items")]
    public void An_empty_body_is_no_json(string path)
    {
        TemplateStage stage = new();
        Assert.Equal("", stage.Render($"$input.path('{path}')"));
        Assert.Equal(path == "$" ? "{}" : "\"\"", stage.Render($"$input.json('{path}')"));
        Assert.Equal("{}", stage.Render("$input.body"));
    }

    [Fact]
    public void A_body_that_is_no_json_has_no_paths()
    {
        TemplateStage stage = new TemplateStage().WithBody("a=1&b=2");
        Assert.Equal("[]\"\"a=1&b=2", stage.Render("[$input.path('$.x')]$input.json('$.x')$input.body"));
        Assert.Equal("", stage.Render("$input.body.anything"));
    }

    [Fact]
    public void Json_is_compact_and_keeps_order_and_characters()
    {
        TemplateStage stage = new TemplateStage().WithBody("{ \"b\" : [ 1 , { \"ü\" : \"a/b\\u0001\\\"\" } ] , \"a\" : 1.0, \"e\": 1e3 }");
        Assert.Equal("{\"b\":[1,{\"ü\":\"a/b\\u0001\\\"\"}],\"a\":1.0,\"e\":1000.0}", stage.Render("$input.json('$')"));
    }

    [Fact]
    public void The_last_of_members_with_one_name_counts_and_the_first_has_the_place()
    {
        TemplateStage stage = new TemplateStage().WithBody("{\"a\":{\"x\":1},\"b\":2,\"a\":[3],\"c\":4,\"a\":5}");
        Assert.Equal("{\"a\":5,\"b\":2,\"c\":4} 3 5", stage.Render("$input.json('$') $input.path('$').size() $input.path('$.a')"));
    }

    [Fact]
    public void The_path_may_be_a_variable() =>
        Assert.Equal("y y", new TemplateStage().WithBody(Store).Render("#set($i = 1)#set($p = \"$.tags[$i]\")$input.path($p) $input.path(\"$.tags[$i]\")"));

    [Fact]
    public void What_is_no_path_is_a_fault()
    {
        TemplateResult result = new TemplateStage().WithBody("{}").Run("a\n  $input.json('$.a[')");
        Assert.Equal((TemplateFault.InvalidJsonPath, 2, 3), (result.Fault, result.Line, result.Column));
    }

    [Theory]
    [InlineData("$input.params('id') $input.params('q') $input.params('X-Foo') [$input.params('none')]", "path last foo []")]
    [InlineData("$input.params().path.id $input.params().querystring.get('q') $input.params().header.get(\"X-Foo\") $input.params().header.X-Foo", "path last foo foo")]
    [InlineData("[$input.params('x-foo')]$input.params().header[\"X-Foo\"]", "[]foo")]
    [InlineData("$input.params()", "{path={id=path}, querystring={id=query, q=last}, header={X-Foo=foo}}")]
    [InlineData("#foreach($k in $input.params().keySet())$k #end", "path querystring header ")]
    public void Parameters(string template, string output) => Assert.Equal(output, new TemplateStage()
        .With(ParameterPlace.Path, "id", "path")
        .With(ParameterPlace.QueryString, "id", "query").With(ParameterPlace.QueryString, "q", "first").With(ParameterPlace.QueryString, "q", "last")
        .With(ParameterPlace.Header, "X-Foo", "foo")
        .Render(template));
}
