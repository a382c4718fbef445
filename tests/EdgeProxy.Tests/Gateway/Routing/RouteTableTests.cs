using System.Text;
using EdgeProxy.Gateway.Routing;
using EdgeProxy.Http.Messages;
using EdgeProxy.TestKit;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeProxy.Tests.Gateway.Routing;

public sealed class RouteTableTests
{
    [Fact]
    public void Finds_the_same_rest_route_as_the_slow_reference() => AgreesWithReference<RestRules>(rest: true);

    [Fact]
    public void Finds_the_same_http_route_as_the_slow_reference() => AgreesWithReference<HttpApiRules>(rest: false);

    [Fact]
    public void The_kinds_of_api_differ_where_a_literal_leads_to_a_greedy_parameter()
    {
        string[] keys = ["GET /a/{p+}", "GET /{x}/b"];
        Assert.Equal("0: p=b", Routes.Ask(Routes.Table<RestRules>(keys), "GET /a/b"));
        Assert.Equal("1: x=a", Routes.Ask(Routes.Table<HttpApiRules>(keys), "GET /a/b"));
    }

    [Fact]
    public void An_empty_table_finds_nothing()
    {
        foreach (string path in new[] { "", "/", "//", "/a", "*" })
        {
            Assert.Equal("none", Routes.Ask(Routes.Table<RestRules>(), $"GET {path}"));
            Assert.Equal("none", Routes.Ask(Routes.Table<HttpApiRules>(), $"GET {path}"));
        }
    }

    [Fact]
    public void A_target_that_is_not_a_path_has_no_route()
    {
        Assert.Equal("none", Routes.Ask(Routes.Table<RestRules>("ANY /{p+}", "ANY /"), "OPTIONS *"));
        Assert.Equal("none", Routes.Ask(Routes.Table<HttpApiRules>("ANY /{p+}", "$default"), "OPTIONS *"));
    }

    [Fact]
    public void Each_route_names_its_parameters_itself()
    {
        RouteTable<RestRules> table = Routes.Table<RestRules>("GET /pets/{id}", "POST /pets/{pet}", "GET /pets/{petId}/toys/{toy}");
        Assert.Equal("0: id=7", Routes.Ask(table, "GET /pets/7"));
        Assert.Equal("1: pet=7", Routes.Ask(table, "POST /pets/7"));
        Assert.Equal("2: petId=7, toy=ball", Routes.Ask(table, "GET /pets/7/toys/ball"));
        Assert.Equal(1, table.TemplateOrNull(2)!.IndexOf("toy"));
        Assert.Equal(-1, table.TemplateOrNull(2)!.IndexOf("id"));
    }

    [Fact]
    public void Values_point_into_the_path_as_it_was_sent()
    {
        RouteTable<RestRules> table = Routes.Table<RestRules>("GET /a/{x}/{y+}");
        var match = new RouteMatch();
        Assert.True(table.TryMatch("///a/%2F/b//c//"u8, HttpMethod.Get, ref match));
        Assert.Equal(new PathRange(5, 3), match[0]);
        Assert.Equal(new PathRange(9, 4), match[1]);
        Assert.Throws<ArgumentOutOfRangeException>(() => match[2]);
        Assert.Throws<ArgumentOutOfRangeException>(() => match[-1]);
    }

    [Fact]
    public void A_match_can_be_used_again_for_another_request()
    {
        RouteTable<HttpApiRules> table = Routes.Table<HttpApiRules>("GET /{x}/{y}", "GET /a", "$default");
        var match = new RouteMatch();
        Assert.True(table.TryMatch("/1/2"u8, HttpMethod.Get, ref match));
        Assert.Equal((0, 2), (match.Ordinal, match.Count));
        Assert.True(table.TryMatch("/a"u8, HttpMethod.Get, ref match));
        Assert.Equal((1, 0), (match.Ordinal, match.Count));
        Assert.True(table.TryMatch("/1/2"u8, HttpMethod.Put, ref match));
        Assert.Equal((2, 0), (match.Ordinal, match.Count));
    }

    [Fact]
    public void The_values_of_the_best_greedy_route_survive_the_search_for_a_whole_match()
    {
        RouteTable<HttpApiRules> table = Routes.Table<HttpApiRules>("GET /a/{x}/{p+}", "GET /{u}/{v}/{w}/end");
        Assert.Equal("0: x=1, p=22/333", Routes.Ask(table, "GET /a/1/22/333"));
        Assert.Equal("1: u=a, v=1, w=22", Routes.Ask(table, "GET /a/1/22/end"));
    }

    [Fact]
    public void A_literal_that_another_begins_with_is_a_route_of_its_own()
    {
        RouteTable<RestRules> table = Routes.Table<RestRules>("GET /pet", "GET /pets", "GET /pets/dog", "GET /pets/do", "GET /p/{x}");
        Assert.Equal("0", Routes.Ask(table, "GET /pet"));
        Assert.Equal("1", Routes.Ask(table, "GET /pets"));
        Assert.Equal("2", Routes.Ask(table, "GET /pets/dog"));
        Assert.Equal("3", Routes.Ask(table, "GET /pets/do"));
        Assert.Equal("4: x=et", Routes.Ask(table, "GET /p/et"));
        Assert.Equal("none", Routes.Ask(table, "GET /pe"));
        Assert.Equal("none", Routes.Ask(table, "GET /petsy"));
        Assert.Equal("none", Routes.Ask(table, "GET /pets/d"));
        Assert.Equal("none", Routes.Ask(table, "GET /pets/dogs"));
    }

    [Fact]
    public void Takes_as_many_parameters_and_segments_as_it_promises()
    {
        string parameters = string.Concat(Enumerable.Range(0, PathRanges.Capacity).Select(i => $"/{{p{i}}}"));
        string segments = string.Concat(Enumerable.Repeat("/a", RouteTemplate.MaxSegments - 1));
        RouteTable<RestRules> table = Routes.Table<RestRules>($"GET {parameters}", $"GET {segments}/b", $"GET {segments}/{{p+}}");

        string values = string.Concat(Enumerable.Range(0, PathRanges.Capacity).Select(i => $"/{i}"));
        Assert.EndsWith("p31=31", Routes.Ask(table, $"GET {values}"), StringComparison.Ordinal);
        Assert.Equal("1", Routes.Ask(table, $"GET {segments}/b"));
        Assert.Equal("2: p=c/d", Routes.Ask(table, $"GET {segments}/c/d"));
    }

    [Fact]
    public void Returns_to_every_segment_of_the_deepest_template()
    {
        // Each prefix of the long literal way has a greedy way out, for another method's sake too: all places to return to are in use at once.
        string[] keys = [.. Enumerable.Range(0, RouteTemplate.MaxSegments - 1).Select(i => $"GET {string.Concat(Enumerable.Repeat("/a", i))}/{{p+}}")];
        string whole = string.Concat(Enumerable.Repeat("/a", RouteTemplate.MaxSegments));
        RouteTable<HttpApiRules> table = Routes.Table<HttpApiRules>([.. keys, $"GET {whole}"]);
        Assert.Equal($"{keys.Length}", Routes.Ask(table, $"GET {whole}"));
        Assert.Equal($"{keys.Length - 1}: p=a/b", Routes.Ask(table, $"GET {whole[..^2]}/b"));
        Assert.Equal("0: p=b", Routes.Ask(table, "GET /b"));
    }

    [Fact]
    public void A_hostile_path_costs_no_more_than_a_visit_to_each_node()
    {
        // At every one of 12 segments both ways look right, and each ends one segment too late: 4,096 ways to try.
        string[] keys = [.. Enumerable.Range(0, 1 << 12).Select(bits => $"GET {string.Concat(Enumerable.Range(0, 12).Select(i => (bits >> i & 1) == 0 ? "/a" : $"/{{p{i}}}"))}/end")];
        RouteTable<RestRules> rest = Routes.Table<RestRules>(keys);
        RouteTable<HttpApiRules> http = Routes.Table<HttpApiRules>(keys);
        byte[] path = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("/a", 12)) + "/nd");
        var match = new RouteMatch();
        Assert.False(rest.TryMatch(path, HttpMethod.Get, ref match));
        Assert.InRange(match.Visited, 1 << 12, rest.NodeCount);
        Assert.False(http.TryMatch(path, HttpMethod.Get, ref match));
        Assert.InRange(match.Visited, 1 << 12, http.NodeCount);
    }

    [Fact]
    public void The_length_of_a_path_does_not_multiply_the_ways_to_try()
    {
        // A few ambiguous routes and a path of 4,000 equal segments: what makes backtracking matchers of patterns explode.
        RouteTable<RestRules> table = Routes.Table<RestRules>("GET /a/{p}/a/{q}/b", "GET /{p}/a/{q}/a/b", "GET /{p}/{q}/{r}/{s}/b", "GET /a/a/a/{p}/c");
        byte[] path = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("/a", 4000)));
        var match = new RouteMatch();
        Assert.False(table.TryMatch(path, HttpMethod.Get, ref match));
        Assert.InRange(match.Visited, 1, table.NodeCount);
    }

    [Fact]
    public void Does_not_enter_a_part_of_the_tree_without_the_method()
    {
        RouteTable<RestRules> table = Routes.Table<RestRules>("POST /a/b/c", "POST /a/{x}/d", "GET /{p+}");
        var match = new RouteMatch();
        Assert.True(table.TryMatch("/a/b/c"u8, HttpMethod.Get, ref match));
        Assert.Equal((2, 1), (match.Ordinal, match.Visited));
    }

    [Fact]
    public void Ten_thousand_routes_each_find_themselves()
    {
        string[] keys = [.. Enumerable.Range(0, 10_000).Select(i => $"{(i % 2 == 0 ? "GET" : "POST")} /service{i / 100}/resource-{i % 100 / 10}/{{id}}/part{i % 10}")];
        RouteTable<RestRules> rest = Routes.Table<RestRules>(keys);
        RouteTable<HttpApiRules> http = Routes.Table<HttpApiRules>(keys);
        for (int i = 0; i < keys.Length; i++)
        {
            string request = keys[i].Replace("{id}", "x%2Fy", StringComparison.Ordinal);
            Assert.Equal($"{i}: id=x%2Fy", Routes.Ask(rest, request));
            Assert.Equal($"{i}: id=x%2Fy", Routes.Ask(http, request));
        }

        Assert.Equal("none", Routes.Ask(rest, "GET /service1/resource-0/1/part1"));
        Assert.InRange(rest.TreeBytes, 1, 10_000 * 100);
    }

    [Fact]
    public void Matching_allocates_nothing()
    {
        string[] keys = ["GET /a/b", "GET /a/{x}", "GET /{u}/{v}/c", "GET /g/{p+}"];
        RouteTable<RestRules> rest = Routes.Table<RestRules>(keys);
        RouteTable<HttpApiRules> http = Routes.Table<HttpApiRules>(keys);
        byte[][] paths = [.. new[] { "/a/b", "/a/zz", "/x/y/c", "/g/1/2/3", "/none/at/all/here", "/%61/b" }.Select(Encoding.ASCII.GetBytes)];
        var match = new RouteMatch();
        int found = 0;
        Assert.Equal(0, AllocationProbe.Least(() =>
        {
            found = 0;
            for (int round = 0; round < 100; round++)
            {
                foreach (byte[] path in paths)
                {
                    found += rest.TryMatch(path, HttpMethod.Get, ref match) ? 1 : 0;
                    found += http.TryMatch(path, HttpMethod.Get, ref match) ? 1 : 0;
                }
            }
        }));
        Assert.Equal(100 * 9, found);
    }

    private static void AgreesWithReference<TRules>(bool rest) where TRules : struct, IMatchRules
    {
        // Few words, so that routes meet; words that begin alike, so that labels split; spellings that decode to other words.
        Gen<string> literal = Gen.Elements("a", "b", "ab", "abc", "a%62", "b-c", "abcdefghij", "abcdefghik");
        Gen<string> middle = Gen.Frequency((4, literal), (3, Gen.Constant("{x}")));
        Gen<string> template =
            from parts in Gen.ListOf(middle)
            from end in Gen.Elements("", "", "", "{p+}")
            let named = parts.Take(5).Select((part, i) => part == "{x}" ? $"{{x{i}}}" : part).Append(end).Where(part => part.Length > 0)
            select "/" + string.Join('/', named);
        Gen<string> routeMethod = Gen.Elements("GET", "GET", "POST", "ANY", "HEAD");
        Gen<string> key = from method in routeMethod from path in template select $"{method} {path}";
        Gen<string[]> keys =
            from some in Gen.ArrayOf(key)
            from hasDefault in Gen.Elements(false, false, true)
            select hasDefault && !rest ? some.Append("$default").ToArray() : some;
        Gen<string> segment = Gen.Frequency((6, literal), (1, Gen.Elements("", "", "c", "%61", "a%2Fb", "%2f", "abcd", "%", "%6", "é", "abcdefgh", "a%62cdefghij", "abcdefghijk")));
        Gen<string> request =
            from method in Gen.Elements("GET", "GET", "POST", "HEAD", "TRACE", "QUERY")
            from lead in Gen.Elements("/", "/", "/", "/", "//", "")
            from segments in Gen.ArrayOf(segment)
            from end in Gen.Elements("", "", "", "/", "//")
            select $"{method} {lead}{string.Join('/', segments.Take(6))}{end}";
        Gen<(string[] Keys, string[] Requests)> cases =
            from k in keys
            from r in Gen.ArrayOf(request)
            select (k, r);

        int compared = 0;
        int matched = 0;
        Property property = Prop.ForAll(cases.ToArbitrary(), sample =>
        {
            // A route that takes the same requests as another would have a problem instead; keep the first of each.
            RouteTableBuilder<TRules> builder = Routes.Builder<TRules>(sample.Keys);
            builder.Build(out IReadOnlyList<RouteProblem> problems);
            string[] keys = [.. sample.Keys.Where((_, i) => problems.All(problem => problem.Ordinal != i))];
            Assert.All(problems, problem => Assert.True(problem.Code is RouteProblemCode.Duplicate or RouteProblemCode.Conflict, problem.Message));

            RouteTable<TRules> table = Routes.Table<TRules>(keys);
            foreach (string request in sample.Requests)
            {
                string expected = ReferenceMatcher.Ask(rest, keys, request);
                Assert.True(expected == Routes.Ask(table, request), $"{request} among [{string.Join("; ", keys)}]: expected {expected}, was {Routes.Ask(table, request)}");
                compared++;
                matched += expected == "none" ? 0 : 1;
            }
        });
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(2000).WithEndSize(40).WithReplay(20261122, 7), property);
        Assert.InRange(matched, compared / 5, compared);
    }
}
