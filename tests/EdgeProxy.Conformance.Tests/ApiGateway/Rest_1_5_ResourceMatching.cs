using EdgeProxy.Gateway.Routing;
using EdgeProxy.Tests.Gateway.Routing;

namespace EdgeProxy.Conformance.Tests.ApiGateway;

/// <summary>rest-api.md 1.5: which resource and method take a request.</summary>
public sealed class Rest_1_5_ResourceMatching
{
    private static readonly string[] AnyAndProxy = ["POST /test", "ANY /test/any", "OPTIONS /{proxy+}"];
    private static readonly string[] Parts = ["GET /part1", "GET /part1/hardcoded-value", "GET /{param+}"];

    [Theory]
    [InlineData("OPTIONS /test", "2: proxy=test")]
    [InlineData("POST /test", "0")]
    [InlineData("OPTIONS /test/any", "1")]
    [InlineData("GET /test/any", "1")]
    public void The_method_takes_part_in_the_choice(string request, string chosen) => Assert.Equal(chosen, Routes.Ask(Routes.Table<RestRules>(AnyAndProxy), request));

    [Theory]
    [InlineData("GET /part1/random-value", "2: param=part1/random-value")]
    [InlineData("GET /part1/hardcoded-value", "1")]
    [InlineData("GET /part1", "0")]
    [InlineData("GET /part1/hardcoded-value/more", "2: param=part1/hardcoded-value/more")]
    public void The_search_goes_back_when_the_literal_way_fails(string request, string chosen) => Assert.Equal(chosen, Routes.Ask(Routes.Table<RestRules>(Parts), request));

    [Fact]
    public void A_resource_without_the_method_is_no_match() => Assert.Equal("none", Routes.Ask(Routes.Table<RestRules>("GET /existing"), "POST /existing"));

    [Theory]
    [InlineData("GET /a/b", "0")]
    [InlineData("GET /a/x", "1: id=x")]
    [InlineData("GET /a/b/c", "2: rest=b/c")]
    [InlineData("GET /z/b", "3: first=z")]
    public void Literal_comes_before_parameter_before_greedy(string request, string chosen) =>
        Assert.Equal(chosen, Routes.Ask(Routes.Table<RestRules>("GET /a/b", "GET /a/{id}", "GET /a/{rest+}", "GET /{first}/b"), request));

    [Fact]
    public void The_leftmost_segment_decides_even_in_favour_of_a_greedy_parameter() =>
        Assert.Equal("0: p=b", Routes.Ask(Routes.Table<RestRules>("GET /a/{p+}", "GET /{x}/b"), "GET /a/b"));

    [Theory]
    [InlineData("GET /users/me", "0")]
    [InlineData("PUT /users/me", "1: id=me")]
    [InlineData("DELETE /users/me", "2: proxy=users/me")]
    public void A_method_missing_at_the_best_resource_is_looked_for_at_the_next(string request, string chosen) =>
        Assert.Equal(chosen, Routes.Ask(Routes.Table<RestRules>("GET /users/me", "PUT /users/{id}", "ANY /{proxy+}"), request));

    [Fact]
    public void A_greedy_parameter_does_not_match_the_root()
    {
        Assert.Equal("none", Routes.Ask(Routes.Table<RestRules>("ANY /{proxy+}"), "GET /"));
        Assert.Equal("1", Routes.Ask(Routes.Table<RestRules>("ANY /{proxy+}", "GET /"), "GET /"));
    }

    [Fact]
    public void A_greedy_parameter_does_not_match_its_parent() => Assert.Equal("none", Routes.Ask(Routes.Table<RestRules>("ANY /a/{proxy+}"), "GET /a"));

    [Theory]
    [InlineData("GET /a", "1")]
    [InlineData("PUT /a", "0")]
    public void An_explicit_method_beats_any(string request, string chosen) => Assert.Equal(chosen, Routes.Ask(Routes.Table<RestRules>("ANY /a", "GET /a"), request));

    [Theory]
    [InlineData("DELETE")]
    [InlineData("GET")]
    [InlineData("HEAD")]
    [InlineData("OPTIONS")]
    [InlineData("PATCH")]
    [InlineData("POST")]
    [InlineData("PUT")]
    public void Any_stands_for_the_seven_methods(string method) => Assert.Equal("0", Routes.Ask(Routes.Table<RestRules>("ANY /a"), $"{method} /a"));

    [Theory]
    [InlineData("TRACE")]
    [InlineData("CONNECT")]
    [InlineData("PURGE")]
    public void Any_stands_for_no_other_method(string method) => Assert.Equal("none", Routes.Ask(Routes.Table<RestRules>("ANY /a", "ANY /{proxy+}"), $"{method} /a"));

    [Fact]
    public void Head_is_not_derived_from_get_and_options_has_no_answer_of_its_own()
    {
        RouteTable<RestRules> table = Routes.Table<RestRules>("GET /a");
        Assert.Equal("none", Routes.Ask(table, "HEAD /a"));
        Assert.Equal("none", Routes.Ask(table, "OPTIONS /a"));
    }

    [Theory]
    [InlineData("GET /A")]
    [InlineData("GET /a/B")]
    public void Matching_is_case_sensitive(string request) => Assert.Equal("none", Routes.Ask(Routes.Table<RestRules>("GET /a", "GET /a/b"), request));

    [Theory]
    [InlineData("GET /a.b_c,d:e-f~g", "0")]
    [InlineData("GET /x+y", "1")]
    [InlineData("GET /x%20y", "2")]
    [InlineData("GET /x%2by", "none")]
    public void Literals_are_compared_as_sent(string request, string chosen) =>
        Assert.Equal(chosen, Routes.Ask(Routes.Table<RestRules>("GET /a.b_c,d:e-f~g", "GET /x+y", "GET /x%20y"), request));

    [Fact]
    public void A_parameter_is_exactly_one_segment_that_is_not_empty()
    {
        RouteTable<RestRules> table = Routes.Table<RestRules>("GET /a/{x}/c");
        Assert.Equal("0: x=b", Routes.Ask(table, "GET /a/b/c"));
        Assert.Equal("none", Routes.Ask(table, "GET /a//c"));
        Assert.Equal("none", Routes.Ask(table, "GET /a/b/b/c"));
    }
}
