using EdgeProxy.ControlPlane.Wire;
using EdgeProxy.TestKit;

namespace EdgeProxy.Conformance.Tests.ControlPlane;

/// <summary>control-plane.md 1.3: pages of lists, and what lists show.</summary>
public sealed class V1_1_3_Pagination
{
    private readonly RestApiHarness _api = new();

    [Theory]
    [InlineData("resources")]
    [InlineData("models")]
    [InlineData("requestvalidators")]
    [InlineData("authorizers")]
    [InlineData("documentation/parts")]
    [InlineData("documentation/versions")]
    [InlineData("gatewayresponses")]
    public void Pages_make_up_the_list(string list)
    {
        for (int i = 0; i < 5; i++)
        {
            _api.AddResource(_api.Root, $"r{i}");
            _api.Do($"POST {_api.Path}/models", $$"""{"name":"M{{i}}","schema":"{\"type\":\"object\"}","contentType":"application/json"}""");
            _api.Do($"POST {_api.Path}/requestvalidators", $$"""{"name":"v{{i}}"}""");
            _api.AddAuthorizer($"a{i}");
            _api.Do($"POST {_api.Path}/documentation/parts", $$"""{"location":{"type":"RESOURCE","path":"/r{{i}}"},"properties":"{\"a\":1}"}""");
            _api.Do($"POST {_api.Path}/documentation/versions", $$"""{"documentationVersion":"{{i}}"}""");
        }

        WireValue whole = _api.Do($"GET {_api.Path}/{list}?limit=500");
        Assert.Null(whole["position"]);
        int expected = whole["item"]!.Items.Count;
        Assert.True(expected >= 5);

        var seen = new HashSet<string>();
        string? position = null;
        for (int page = 0; page < 100; page++)
        {
            WireValue read = _api.Do($"GET {_api.Path}/{list}?limit=2{(position is null ? "" : "&position=" + Uri.EscapeDataString(position))}");
            Assert.True(read["item"]!.Items.Count <= 2);
            foreach (WireValue item in read["item"]!.Items) Assert.True(seen.Add(item.ToString()));
            position = read.TextOf("position");
            if (position is null) break;
            Assert.NotEqual("", position);
        }

        Assert.Null(position);
        Assert.Equal(expected, seen.Count);
    }

    [Fact]
    public void A_page_has_25_items_unless_more_are_asked_for()
    {
        for (int i = 0; i < 30; i++) _api.AddResource(_api.Root, $"r{i}");
        Assert.Equal(25, _api.Do($"GET {_api.Path}/resources")["item"]!.Items.Count);
        Assert.Equal(33, _api.Do($"GET {_api.Path}/resources?limit=100")["item"]!.Items.Count);
    }

    [Fact]
    public void All_apis_are_listed()
    {
        string other = _api.Do("POST /restapis", """{"name":"other"}""").TextOf("id")!;
        List<string> ids = _api.Do("GET /restapis")["item"]!.Items.ConvertAll(static item => item.TextOf("id")!);
        Assert.Equal(new[] { _api.Id, other }.Order(StringComparer.Ordinal), ids);
    }

    [Fact]
    public void Methods_are_embedded_when_they_are_asked_for()
    {
        WireValue plain = _api.Do($"GET {_api.Path}/resources/{_api.Pets}");
        Assert.Equal("""{"GET":{}}""", plain["resourceMethods"]!.ToString());
        WireValue embedded = _api.Do($"GET {_api.Path}/resources/{_api.Pets}?embed=methods");
        Assert.Equal(_api.Do("GET " + _api.Method).ToString(), embedded["resourceMethods"]!["GET"]!.ToString());
        Assert.Null(_api.Do($"GET {_api.Path}/resources/{_api.Pet}?embed=methods")["resourceMethods"]);
    }

    [Fact]
    public void All_21_gateway_responses_are_listed()
    {
        _api.Do($"PUT {_api.Path}/gatewayresponses/THROTTLED", """{"statusCode":"503"}""");
        List<WireValue> all = _api.Do($"GET {_api.Path}/gatewayresponses")["item"]!.Items;
        Assert.Equal(21, all.Count);
        Assert.Equal("503", all.Find(static item => item.TextOf("responseType") == "THROTTLED")!.TextOf("statusCode"));
    }
}
