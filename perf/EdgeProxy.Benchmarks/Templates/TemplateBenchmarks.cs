using System.Text;
using BenchmarkDotNet.Attributes;
using EdgeProxy.Templates;
using EdgeProxy.TestKit;

namespace EdgeProxy.Benchmarks.Templates;

/// <summary>What a mapping template costs; the budget of each is 0 bytes.</summary>
[MemoryDiagnoser]
public class TemplateBenchmarks
{
    private readonly TemplateStage _stage = new TemplateStage()
        .WithBody(Body())
        .With(ParameterPlace.Path, "id", "42").With(ParameterPlace.QueryString, "limit", "10").With(ParameterPlace.Header, "X-Request-Source", "mobile app 'v2'")
        .WithStageVariable("table", "orders").WithContext("requestId", "c6af9ac6-7b61-11e6-9a41-93e8deadbeef").WithContext("identity.sourceIp", "203.0.113.9");

    private readonly Template _orders = TemplateStage.Compile(OrdersTemplate);
    private readonly Template _passThrough = TemplateStage.Compile("$input.json('$')");
    private readonly Template _filter = TemplateStage.Compile("$input.json('$.items[?(@.price > 20 && @.name =~ /item 1.*/)]')");
    private readonly byte[] _source = Encoding.UTF8.GetBytes(OrdersTemplate);

    /// <summary>A template of 2 KB that reads a body, goes through a list and escapes what it finds.</summary>
    private const string OrdersTemplate = """
        ## Maps an order as clients send it to what the order service stores.
        #set($root = $input.path('$'))
        #set($total = 0)
        #set($count = 0)
        {
          "table": "$stageVariables.table",
          "request": {
            "id": "$context.requestId",
            "sourceIp": "$context.identity.sourceIp",
            "path": "$util.escapeJavaScript($input.params('id'))",
            "limit": #if($input.params('limit') != "")$input.params('limit')#{else}100#end,
            "source": "$util.escapeJavaScript($input.params('X-Request-Source')).replaceAll("\\'", "'")"
          },
          "customer": {
            "name": "$util.escapeJavaScript($root.customer.name)",
            "mail": "$util.escapeJavaScript($root.customer.mail)",
            "address": $input.json('$.customer.address'),
            #if($root.customer.vip)
            "class": "vip",
            #elseif($root.customer.orders > 10)
            "class": "regular",
            #else
            "class": "new",
            #end
            "language": "#if($root.customer.language)$root.customer.language.toLowerCase()#{else}en#end"
          },
          "items": [
            #foreach($item in $root.items)
            #set($line = $item.price * $item.quantity)
            #set($total = $total + $line)
            #set($count = $count + $item.quantity)
            {
              "position": $foreach.count,
              "sku": "$util.escapeJavaScript($item.sku)",
              "name": "$util.escapeJavaScript($item.name)",
              "note": "$util.escapeJavaScript($item.note)",
              "price": $item.price,
              "quantity": $item.quantity,
              "line": $line,
              "tags": [#foreach($tag in $item.tags)"$util.escapeJavaScript($tag)"#if($foreach.hasNext), #end#end]
            }#if($foreach.hasNext),#end

            #end
          ],
          "total": $total,
          "pieces": $count,
          "payment": {
            #if($root.payment.kind == "card")
            "kind": "card",
            "token": "$util.escapeJavaScript($root.payment.token)"
            #else
            "kind": "$util.escapeJavaScript($root.payment.kind)"
            #end
          },
          "comment": "$util.escapeJavaScript($root.comment)",
          "original": "$util.base64Encode($input.path('$.customer.name'))"
        }
        #set($context.requestOverride.header.X-Total = "$total")
        """;

    /// <summary>The template of 2 KB over a body of 2 KB, with 12 items.</summary>
    [Benchmark]
    public TemplateFault TemplateRender() => _stage.Run(_orders).Fault;

    /// <summary>Reading and writing the body.</summary>
    [Benchmark]
    public TemplateFault Pass_through() => _stage.Run(_passThrough).Fault;

    /// <summary>A path with a filter and a pattern.</summary>
    [Benchmark]
    public TemplateFault Filter() => _stage.Run(_filter).Fault;

    /// <summary>Compiling, as when a deployment is made; it may allocate.</summary>
    [Benchmark]
    public bool Compile() => Template.TryCompile(_source, out _, out _);

    private static string Body()
    {
        var items = Enumerable.Range(0, 12).Select(i =>
            $$"""{"sku":"SKU-{{i:0000}}","name":"item {{i}} of \"twelve\"","note":"keep dry / this side up","price":{{10 + i}}.5,"quantity":{{i + 1}},"tags":["a{{i}}","new","b/c"]}""");
        return $$$"""{"customer":{"name":"Jörg O'Neil","mail":"j@example.com","vip":false,"orders":12,"language":"DE","address":{"street":"Main 1","city":"Oslo","zip":"0150"}},"items":[{{{string.Join(',', items)}}}],"payment":{"kind":"card","token":"tok_123"},"comment":"leave it\nat the door"}""";
    }
}
