using EdgeProxy.Gateway.Routing;
using EdgeProxy.Tests.Gateway.Routing;

namespace EdgeProxy.Conformance.Tests.ApiGateway;

/// <summary>rest-api.md 1.4: slashes and escapes in the path, as far as matching and path parameters go. The paths are those after the stage.</summary>
public sealed class Rest_1_4_PathHandling
{
    [Theory]
    [InlineData("/proxy-value", "proxy-value")]
    [InlineData("/proxy-value/", "proxy-value")]
    [InlineData("/proxy-value//double-slash", "proxy-value//double-slash")]
    [InlineData("//proxy-value", "proxy-value")]
    [InlineData("/proxy-value///", "proxy-value")]
    [InlineData("///a//b//", "a//b")]
    public void Outer_slashes_are_dropped_from_a_greedy_value_and_inner_ones_kept(string path, string proxy) =>
        Assert.Equal($"0: proxy={proxy}", Routes.Ask(Routes.Table<RestRules>("GET /{proxy+}"), $"GET {path}"));

    [Theory]
    [InlineData("/hardcoded")]
    [InlineData("//hardcoded")]
    [InlineData("///hardcoded")]
    [InlineData("/hardcoded/")]
    [InlineData("//hardcoded//")]
    public void Slashes_around_a_literal_do_not_matter(string path) => Assert.Equal("0", Routes.Ask(Routes.Table<RestRules>("GET /hardcoded"), $"GET {path}"));

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("//")]
    public void Nothing_but_slashes_is_the_root(string path) => Assert.Equal("0", Routes.Ask(Routes.Table<RestRules>("GET /", "GET /{proxy+}"), $"GET {path}"));

    [Fact]
    public void Nothing_is_decoded_before_matching_or_in_a_value()
    {
        Assert.Equal(
            "0: proxy=proxy-value/api/user/test%2Balias@gmail.com",
            Routes.Ask(Routes.Table<RestRules>("GET /{proxy+}"), "GET /proxy-value/api/user/test%2Balias@gmail.com"));
        Assert.Equal("none", Routes.Ask(Routes.Table<RestRules>("GET /hardcoded"), "GET /%68ardcoded"));
    }

    [Fact]
    public void An_escaped_slash_is_data() => Assert.Equal("0: id=a%2Fb", Routes.Ask(Routes.Table<RestRules>("GET /x/{id}", "GET /x/{a}/{b}"), "GET /x/a%2Fb"));

    [Fact]
    public void A_slash_at_the_end_is_dropped_from_a_plain_value() => Assert.Equal("0: id=7", Routes.Ask(Routes.Table<RestRules>("GET /x/{id}"), "GET /x/7/"));

    [Fact]
    public void Inner_double_slashes_are_not_collapsed() => Assert.Equal("none", Routes.Ask(Routes.Table<RestRules>("GET /a/b"), "GET /a//b"));

    [Fact]
    public void A_greedy_value_may_begin_with_an_empty_segment() => Assert.Equal("0: p=/b", Routes.Ask(Routes.Table<RestRules>("GET /a/{p+}"), "GET /a//b"));
}
