using EdgeProxy.Gateway.Routing;
using EdgeProxy.Tests.Gateway.Routing;

namespace EdgeProxy.Conformance.Tests.ApiGateway;

/// <summary>http-api.md 2: route keys, selection, edge cases, decoding.</summary>
public sealed class HttpApi_2_Routes
{
    private static readonly string[] Pets = ["GET /pets/dog/1", "GET /pets/dog/{id}", "GET /pets/{proxy+}", "ANY /{proxy+}", "$default"];

    // 2.2, the vendor's example.
    [Theory]
    [InlineData("GET /pets/dog/1", "0")]
    [InlineData("GET /pets/dog/2", "1: id=2")]
    [InlineData("GET /pets/cat/1", "2: proxy=cat/1")]
    [InlineData("POST /test/5", "3: proxy=test/5")]
    public void The_most_specific_route_is_selected(string request, string chosen) => Assert.Equal(chosen, Routes.Ask(Routes.Table<HttpApiRules>(Pets), request));

    [Fact]
    public void The_default_route_takes_the_rest()
    {
        RouteTable<HttpApiRules> table = Routes.Table<HttpApiRules>("GET /a", "$default");
        Assert.Equal("1", Routes.Ask(table, "GET /b"));
        Assert.Equal("1", Routes.Ask(table, "POST /a"));
        Assert.Equal("1", Routes.Ask(table, "TRACE /a"));
        Assert.Equal("0", Routes.Ask(table, "GET /a"));
    }

    [Fact]
    public void Without_a_default_route_a_wrong_method_is_no_match() => Assert.Equal("none", Routes.Ask(Routes.Table<HttpApiRules>("GET /a"), "POST /a"));

    [Fact]
    public void A_whole_match_comes_before_a_greedy_one_wherever_they_part() =>
        Assert.Equal("1: x=a", Routes.Ask(Routes.Table<HttpApiRules>("GET /a/{p+}", "GET /{x}/b"), "GET /a/b"));

    [Theory]
    [InlineData("GET /a/b/z", "0: p=z")] // a literal beats {x} at the first difference
    [InlineData("GET /q/b/z", "2: x=q, p=z")]
    [InlineData("GET /q/c/z", "1: x=q, p=c/z")]
    [InlineData("GET /a/c/z", "3: p=c/z")]
    public void Among_greedy_matches_the_leftmost_literal_and_then_the_longer_way_win(string request, string chosen) =>
        Assert.Equal(chosen, Routes.Ask(Routes.Table<HttpApiRules>("GET /a/b/{p+}", "GET /{x}/{p+}", "GET /{x}/b/{p+}", "GET /a/{p+}"), request));

    [Fact]
    public void A_more_literal_path_for_any_beats_a_less_literal_one_for_the_method() =>
        Assert.Equal("0", Routes.Ask(Routes.Table<HttpApiRules>("ANY /pets/dog", "GET /pets/{id}"), "GET /pets/dog"));

    [Fact]
    public void An_explicit_method_beats_any() => Assert.Equal("1", Routes.Ask(Routes.Table<HttpApiRules>("ANY /a", "GET /a"), "GET /a"));

    // 2.3, row by row.
    [Theory]
    [InlineData("GET /pets", "GET /pets/", "none")]
    [InlineData("GET /pets/{proxy+}", "GET /pets/", "0: proxy=")]
    [InlineData("GET /pets/{proxy+}", "GET /pets", "none")]
    [InlineData("GET /{proxy+}", "GET /", "0: proxy=")]
    [InlineData("GET /", "GET ", "0")]
    [InlineData("GET /", "GET /", "0")]
    [InlineData("GET /a/{x}", "GET /a//", "none")]
    [InlineData("GET /{x}/b", "GET //b", "none")]
    [InlineData("GET /a", "GET //a", "none")]
    [InlineData("GET /{p+}", "GET //a//b/", "0: p=/a//b/")]
    [InlineData("GET /Pets", "GET /pets", "none")]
    [InlineData("GET /a/{x}", "GET /a/..", "0: x=..")]
    public void Edge_cases(string route, string request, string chosen) => Assert.Equal(chosen, Routes.Ask(Routes.Table<HttpApiRules>(route), request));

    [Fact]
    public void A_route_key_that_ends_in_a_slash_is_refused() =>
        Assert.Equal(RouteProblemCode.TrailingSlash, Assert.Single(Routes.Problems<HttpApiRules>("GET /pets/")).Code);

    // 2.1
    [Fact]
    public void A_greedy_variable_may_only_be_the_last_segment() =>
        Assert.Equal(RouteProblemCode.GreedyNotLast, Assert.Single(Routes.Problems<HttpApiRules>("GET /{p+}/a")).Code);

    [Fact]
    public void There_is_at_most_one_default_route() =>
        Assert.Equal(RouteProblemCode.Duplicate, Assert.Single(Routes.Problems<HttpApiRules>("$default", "$default")).Code);

    [Fact]
    public void A_route_key_is_unique() =>
        Assert.Equal(RouteProblemCode.Duplicate, Assert.Single(Routes.Problems<HttpApiRules>("GET /a", "GET /a")).Code);

    // 2.4: values are located raw; whoever hands them on decodes them.
    [Theory]
    [InlineData("GET /users/J%20Doe", "0: id=J%20Doe")]
    [InlineData("GET /users/a%2Fb", "0: id=a%2Fb")]
    [InlineData("GET /path/hi/there", "1: proxy=hi/there")]
    [InlineData("GET /caf%C3%A9", "2")]
    [InlineData("GET /%63af%c3%a9", "2")]
    [InlineData("GET /users%2F7", "none")]
    [InlineData("GET /a+b", "3")]
    [InlineData("GET /a%2Bb", "3")]
    [InlineData("GET /a%20b", "none")]
    public void The_path_is_split_before_it_is_decoded(string request, string chosen) =>
        Assert.Equal(chosen, Routes.Ask(Routes.Table<HttpApiRules>("GET /users/{id}", "GET /path/{proxy+}", "GET /café", "GET /a+b"), request));
}
