using System.Text;
using EdgeProxy.Gateway.Routing;
using EdgeProxy.Http.Messages;

namespace EdgeProxy.Tests.Gateway.Routing;

public sealed class RouteTableBuilderTests
{
    [Theory]
    [InlineData("GET pets", RouteProblemCode.NoLeadingSlash)]
    [InlineData("GET ", RouteProblemCode.NoLeadingSlash)]
    [InlineData("GET /a//b", RouteProblemCode.EmptySegment)]
    [InlineData("GET //a", RouteProblemCode.EmptySegment)]
    [InlineData("GET /a b", RouteProblemCode.UnmatchableLiteral)]
    [InlineData("GET /a?b", RouteProblemCode.UnmatchableLiteral)]
    [InlineData("GET /a#b", RouteProblemCode.UnmatchableLiteral)]
    [InlineData("GET /a\u0001", RouteProblemCode.UnmatchableLiteral)]
    [InlineData("GET /a\u007F", RouteProblemCode.UnmatchableLiteral)]
    [InlineData("GET /v{x}", RouteProblemCode.ParameterNotWholeSegment)]
    [InlineData("GET /{x}v", RouteProblemCode.ParameterNotWholeSegment)]
    [InlineData("GET /{x", RouteProblemCode.ParameterNotWholeSegment)]
    [InlineData("GET /{", RouteProblemCode.ParameterNotWholeSegment)]
    [InlineData("GET /}", RouteProblemCode.ParameterNotWholeSegment)]
    [InlineData("GET /{x}{y}", RouteProblemCode.ParameterNotWholeSegment)]
    [InlineData("GET /{}", RouteProblemCode.NamelessParameter)]
    [InlineData("GET /{+}", RouteProblemCode.NamelessParameter)]
    [InlineData("GET /{x}/{x}", RouteProblemCode.RepeatedParameter)]
    [InlineData("GET /{x}/a/{x+}", RouteProblemCode.RepeatedParameter)]
    [InlineData("GET /{p+}/a", RouteProblemCode.GreedyNotLast)]
    [InlineData("GET /a/{p+}/{q+}", RouteProblemCode.GreedyNotLast)]
    [InlineData("TRACE /a", RouteProblemCode.MethodNotRoutable)]
    [InlineData("CONNECT /a", RouteProblemCode.MethodNotRoutable)]
    [InlineData("QUERY /a", RouteProblemCode.MethodNotRoutable)]
    internal void Refuses_what_no_route_may_be(string key, RouteProblemCode code)
    {
        Assert.Equal([code], Routes.Problems<RestRules>(key).Select(problem => problem.Code));
        Assert.Equal([code], Routes.Problems<HttpApiRules>(key).Select(problem => problem.Code));
    }

    [Theory]
    [InlineData("GET /a%2Fb")]
    [InlineData("GET /a%2fb")]
    [InlineData("GET /%00")]
    [InlineData("GET /%02")]
    public void Refuses_an_escape_that_no_http_api_can_match(string key) =>
        Assert.Equal(RouteProblemCode.UnmatchableLiteral, Assert.Single(Routes.Problems<HttpApiRules>(key)).Code);

    [Fact]
    public void Refuses_what_is_too_much()
    {
        string Repeat(string part, int times) => string.Concat(Enumerable.Range(0, times).Select(i => string.Format(System.Globalization.CultureInfo.InvariantCulture, part, i)));
        Assert.Equal(RouteProblemCode.TooManyParameters, Assert.Single(Routes.Problems<RestRules>("GET " + Repeat("/{{p{0}}}", PathRanges.Capacity + 1))).Code);
        Assert.Equal(RouteProblemCode.TooManySegments, Assert.Single(Routes.Problems<RestRules>("GET " + Repeat("/a", RouteTemplate.MaxSegments + 1))).Code);
        Assert.Equal(RouteProblemCode.TooLong, Assert.Single(Routes.Problems<RestRules>("GET /" + Repeat("a", RouteTemplate.MaxLength))).Code);
        Assert.Empty(Routes.Problems<RestRules>("GET /" + Repeat("a", RouteTemplate.MaxLength - 1)));
    }

    [Fact]
    public void Refuses_the_later_of_two_routes_that_take_the_same_requests()
    {
        IReadOnlyList<RouteProblem> problems = Routes.Problems<RestRules>("GET /a/{x}", "POST /a/{y}", "GET /a/{z}", "ANY /a/{x}", "ANY /a/{x}", "GET /a/{x}", "GET /a/{x+}", "GET /a/{y+}");
        Assert.Equal(
            [(2, RouteProblemCode.Conflict, 0), (4, RouteProblemCode.Duplicate, 3), (5, RouteProblemCode.Duplicate, 0), (7, RouteProblemCode.Conflict, 6)],
            problems.Select(problem => (problem.Ordinal, problem.Code, problem.Other)));
    }

    [Fact]
    public void Two_spellings_of_one_literal_conflict_in_an_http_api_only()
    {
        Assert.Equal(RouteProblemCode.Conflict, Assert.Single(Routes.Problems<HttpApiRules>("GET /a", "GET /%61")).Code);
        Assert.Empty(Routes.Problems<RestRules>("GET /a", "GET /%61"));
    }

    [Fact]
    public void A_slash_at_the_end_means_nothing_in_a_rest_template_and_is_refused_in_an_http_one()
    {
        Assert.Equal("0", Routes.Ask(Routes.Table<RestRules>("GET /a/"), "GET /a"));
        Assert.Equal(RouteProblemCode.Conflict, Assert.Single(Routes.Problems<RestRules>("GET /a/", "GET /a")).Code);
        Assert.Equal(RouteProblemCode.TrailingSlash, Assert.Single(Routes.Problems<HttpApiRules>("GET /a/")).Code);
    }

    [Fact]
    public void Only_an_http_api_has_a_default_route_and_only_one()
    {
        Assert.Equal(RouteProblemCode.NoDefaultRoute, Assert.Single(Routes.Problems<RestRules>("$default")).Code);
        RouteProblem second = Assert.Single(Routes.Problems<HttpApiRules>("$default", "GET /", "$default"));
        Assert.Equal((2, RouteProblemCode.Duplicate, 0), (second.Ordinal, second.Code, second.Other));
    }

    [Fact]
    public void Tells_all_problems_at_once_in_the_order_of_the_routes_and_serves_the_rest()
    {
        RouteTable<RestRules> table = Routes.Builder<RestRules>("GET /a", "GET b", "GET /a", "TRACE /c", "GET /d").Build(out IReadOnlyList<RouteProblem> problems);
        Assert.Equal([1, 2, 3], problems.Select(problem => problem.Ordinal));
        Assert.Equal(5, table.RouteCount);
        Assert.Equal("0", Routes.Ask(table, "GET /a"));
        Assert.Equal("4", Routes.Ask(table, "GET /d"));
        Assert.Null(table.TemplateOrNull(1));
    }

    [Fact]
    public void Survives_any_text_as_a_template()
    {
        var random = new Random(20261122);
        const string alphabet = "/{}+a%2F?# \u0001é\ud800";
        var builder = new RouteTableBuilder<HttpApiRules>();
        for (int i = 0; i < 5000; i++)
        {
            var text = new StringBuilder(random.Next(4) == 0 ? "" : "/");
            for (int length = random.Next(12); length > 0; length--)
            {
                text.Append(alphabet[random.Next(alphabet.Length)]);
            }

            Assert.Equal(i, builder.Add(HttpMethod.Get, text.ToString()));
        }

        RouteTable<HttpApiRules> table = builder.Build(out IReadOnlyList<RouteProblem> problems);
        Assert.InRange(problems.Count, 1, 4999);
        for (int ordinal = 0; ordinal < 5000; ordinal++)
        {
            bool refused = problems.Any(problem => problem.Ordinal == ordinal);
            if (!refused)
            {
                string path = string.Join('/', table.TemplateOrNull(ordinal)!.Text.Split('/').Select(part => part.StartsWith('{') ? "value" : part));
                var match = new RouteMatch();
                Assert.True(table.TryMatch(Encoding.UTF8.GetBytes(path), HttpMethod.Get, ref match), path);
            }
        }
    }
}
