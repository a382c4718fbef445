using EdgeProxy.Definitions;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.TestKit;

namespace EdgeProxy.Conformance.Tests.Rfc9111;

/// <summary>What is served from the cache, to whom, in whole requests.</summary>
public sealed class Section4_Serving
{
    [Fact]
    public void A_fresh_answer_is_served_with_its_age_until_its_lifetime_is_over()
    {
        using var api = new FreshApi();
        Assert.Equal("1", api.Answers("Cache-Control: max-age=60\nContent-Type: text/x\nX-Own: a", "1").Get());
        Assert.Null(api.Field("Age"));
        api.Answers("Cache-Control: max-age=60", "2").Advance(20);
        Assert.Equal("1", api.Get());
        Assert.Equal(("20", "text/x", "a", "max-age=60"), (api.Field("Age"), api.Field("Content-Type"), api.Field("X-Own"), api.Field("Cache-Control")));
        api.Advance(40);
        Assert.Equal("2", api.Get());
        Assert.Equal(("2", "1"), (api.Counted("miss"), api.Counted("hit")));
    }

    [Fact]
    public void An_age_from_before_counts_and_is_told_with_ours()
    {
        using var api = new FreshApi();
        api.Answers("Cache-Control: max-age=60\nAge: 50", "1").Get();
        Assert.Equal("50", api.Field("Age"));
        api.Answers("", "2").Advance(5);
        Assert.Equal("1", api.Get());
        Assert.Equal("55", api.Field("Age"));
        api.Advance(5);
        Assert.Equal("2", api.Get());
    }

    [Theory]
    [InlineData("")]
    [InlineData("Cache-Control: no-store, max-age=60")]
    [InlineData("Cache-Control: private, max-age=60")]
    [InlineData("Cache-Control: max-age=60\nVary: *")]
    [InlineData("Cache-Control: max-age=60\nSet-Cookie: a=1")]
    [InlineData("Expires: 0")]
    public void What_is_not_for_the_cache_is_fetched_each_time(string fields)
    {
        using var api = new FreshApi();
        Assert.Equal("1", api.Answers(fields, "1").Get());
        Assert.Equal("2", api.Answers(fields, "2").Get());
    }

    [Fact]
    public void Without_the_setting_what_an_answer_says_does_not_count()
    {
        using var api = new FreshApi("coalesce: false");
        Assert.Equal("1", api.Answers("Cache-Control: max-age=60", "1").Get());
        Assert.Equal("2", api.Answers("Cache-Control: max-age=60", "2").Get());
    }

    [Fact]
    public void It_counts_more_than_the_stages_settings()
    {
        using var api = new FreshApi(stage: new StageDefinition { Name = "prod", CacheClusterEnabled = true, MethodSettings = [new MethodSettingsDefinition { ResourcePath = "*", Verb = "*", CachingEnabled = true, CacheTtlInSeconds = 10 }] });
        api.Answers("Cache-Control: max-age=60", "1").Get();
        api.Answers("", "2").Advance(50);
        Assert.Equal("1", api.Get());
        api.Advance(10);
        Assert.Equal("2", api.Get());
        Assert.Equal("3", api.Answers("", "3").Get());
    }

    [Fact]
    public void Clients_are_told_what_the_cache_did_where_the_stage_names_a_header()
    {
        using var api = new FreshApi(stage: new StageDefinition { Name = "prod", CacheStatusHeader = "X-Cache" });
        api.Answers("Cache-Control: max-age=60\nETag: \"1\"", "1").Get();
        Assert.Equal("miss", api.Field("X-Cache"));
        api.Get();
        Assert.Equal("hit", api.Field("X-Cache"));
        api.Advance(60);
        api.Answers("", status: 304).Get();
        Assert.Equal("revalidated", api.Field("X-Cache"));
    }

    [Fact]
    public void Each_target_has_its_own_answer()
    {
        using var api = new FreshApi();
        api.Answers("Cache-Control: max-age=60", "1").Get();
        api.Answers("Cache-Control: max-age=60", "2");
        Assert.Equal("2", api.Get(target: "/pets/2"));
        Assert.Equal("2", api.Get(target: "/pets/1?a=1"));
        Assert.Equal("2", api.Get(host: "other"));
        Assert.Equal(4, api.Calls);
        Assert.Equal("1", api.Get(host: "NODE"));
        Assert.Equal("1", api.Get());
        Assert.Equal(4, api.Calls);
    }

    [Fact]
    public void A_host_that_a_client_claims_for_the_backend_shares_nothing_with_others()
    {
        using var api = new FreshApi();
        api.Answers("Cache-Control: max-age=60", "evil").Get("X-Forwarded-Host: evil");
        Assert.Equal("good", api.Answers("Cache-Control: max-age=60", "good").Get());
        Assert.Equal("evil", api.Get("X-Forwarded-Host: evil"));
    }

    [Theory]
    [InlineData(404)]
    [InlineData(301)]
    [InlineData(503)]
    [InlineData(204)]
    public void Any_whole_answer_with_a_lifetime_is_served(int status)
    {
        using var api = new FreshApi();
        api.Answers("Cache-Control: max-age=60", status == 204 ? "" : "1", status).Get();
        api.Answers("", "2");
        Assert.Equal(status == 204 ? "" : "1", api.Get());
        Assert.Equal((status, 1), (api.Status, api.Calls));
    }

    [Fact]
    public void A_request_that_was_authorised_shares_only_what_is_public()
    {
        using var api = new FreshApi();
        Assert.Equal("1", api.Answers("Cache-Control: max-age=60", "1").Get("Authorization: Basic eDp5"));
        Assert.Equal("2", api.Answers("Cache-Control: max-age=60, public", "2").Get("Authorization: Basic eDp5"));
        Assert.Equal("2", api.Answers("", "3").Get());
    }

    // 4.1.
    [Fact]
    public void An_answer_that_varies_is_served_to_requests_with_the_same_fields()
    {
        using var api = new FreshApi();
        const string Fields = "Cache-Control: max-age=60\nVary: Accept-Language, X-Own";
        Assert.Equal("en", api.Answers(Fields, "en").Get("Accept-Language: en"));
        Assert.Equal("de", api.Answers(Fields, "de").Get("Accept-Language: de"));
        Assert.Equal("none", api.Answers(Fields, "none").Get());
        Assert.Equal("other", api.Answers(Fields, "other").Get("Accept-Language: en\nX-Own: 1"));
        api.Answers("", "new");
        Assert.Equal(("en", "de", "none", "other"), (api.Get("Accept-Language: en"), api.Get("accept-language:  de"), api.Get(), api.Get("X-Own: 1\nAccept-Language: en")));
        Assert.Equal(4, api.Calls);
        Assert.Equal("new", api.Get("Accept-Language: fr"));
    }

    [Fact]
    public void An_answer_that_varies_by_more_than_those_before_makes_a_new_beginning()
    {
        using var api = new FreshApi();
        api.Answers("Cache-Control: max-age=60\nVary: A", "1").Get("A: 1\nB: 1");
        api.Answers("Cache-Control: max-age=60\nVary: B", "2").Get("A: 2\nB: 1");
        Assert.Equal("2", api.Answers("Cache-Control: max-age=60", "3").Get("A: 2\nB: 1"));
        Assert.Equal("3", api.Get("A: 2\nB: 2"));
        Assert.Equal("3", api.Get("A: 1\nB: 1"));
    }

    [Fact]
    public void An_answer_that_varies_by_a_mapped_field_is_not_stored()
    {
        using var api = new FreshApi(integration: "type: http_proxy\nrequestParameters: {integration.request.header.x-own: context.identity.sourceIp}");
        Assert.Equal("1", api.Answers("Cache-Control: max-age=60\nVary: X-Own", "1").Get());
        Assert.Equal("2", api.Answers("Cache-Control: max-age=60\nVary: Accept", "2").Get());
        Assert.Equal("2", api.Answers("", "3").Get());
    }

    // 4, 9.3.2 of RFC 9110.
    [Fact]
    public void HEAD_is_answered_from_what_was_stored_for_GET()
    {
        using var api = new FreshApi();
        Assert.Equal("", api.Answers("Cache-Control: max-age=60", "12345").Send("HEAD"));
        Assert.Equal("", api.Send("HEAD"));
        Assert.Equal(2, api.Calls); // nothing is stored for HEAD
        Assert.Equal("12345", api.Get());
        Assert.Equal("", api.Send("HEAD"));
        Assert.Equal((200, 5L, "0", 3), (api.Status, api.Exchange.Response.ContentLength, api.Field("Age"), api.Calls));
    }

    [Fact]
    public void HEAD_is_answered_from_a_large_one_without_a_byte_of_it()
    {
        using var api = new FreshApi();
        api.Answers("Cache-Control: max-age=60", new string('x', 300_000)).Get();
        Assert.Equal("", api.Send("HEAD"));
        Assert.Equal((300_000L, 1), (api.Exchange.Response.ContentLength, api.Calls));
    }

    // 4.4.
    [Theory]
    [InlineData("POST", 200, true)]
    [InlineData("PUT", 204, true)]
    [InlineData("DELETE", 302, true)]
    [InlineData("PATCH", 200, true)]
    [InlineData("POST", 400, false)]
    [InlineData("DELETE", 500, false)]
    [InlineData("OPTIONS", 200, false)]
    public void A_change_of_the_target_makes_what_is_stored_for_it_invalid(string method, int status, bool isInvalid)
    {
        using var api = new FreshApi();
        api.Answers("Cache-Control: max-age=60", "1").Get();
        api.Answers("Cache-Control: max-age=60\nVary: X-Own", "a").Get("X-Own: a", "/pets/2");
        api.Answers("", status: status).Send(method);
        api.Answers("", status: status).Send(method, target: "/pets/2");
        api.Answers("Cache-Control: max-age=60\nVary: X-Own", "2");
        Assert.Equal(isInvalid ? "2" : "1", api.Get());
        Assert.Equal(isInvalid ? "2" : "a", api.Get("X-Own: a", "/pets/2"));
        Assert.Equal(isInvalid ? "2" : "0", api.Metric("edgeproxy_cache_invalidations_total"));
    }

    [Fact]
    public void What_varied_before_a_change_is_not_found_by_a_later_marker()
    {
        using var api = new FreshApi();
        const string Fields = "Cache-Control: max-age=60\nVary: X-Own";
        api.Answers(Fields, "a").Get("X-Own: a");
        api.Answers("").Send("POST");
        api.Answers(Fields, "b").Get("X-Own: b");
        Assert.Equal("new", api.Answers(Fields, "new").Get("X-Own: a"));
    }

    [Theory]
    [InlineData("Range: bytes=0-0")]
    [InlineData("X-HTTP-Method-Override: DELETE")]
    [InlineData("If-Match: \"1\"")]
    [InlineData("If-Unmodified-Since: Sun, 22 Nov 2026 13:00:00 GMT")]
    public void What_only_the_origin_can_answer_passes_the_cache_by(string field)
    {
        using var api = new FreshApi();
        api.Answers("Cache-Control: max-age=60", "1").Get();
        Assert.Equal("2", api.Answers("Cache-Control: max-age=60", "2").Get(field));
        Assert.Equal(field, api.Upstream.AllFields().Split('\n').First(line => line.StartsWith(field.Split(':')[0], StringComparison.Ordinal)));
        Assert.Equal("1", api.Get());
        Assert.Equal("1", api.Counted("bypass"));
    }

    // 5.2.1.
    [Fact]
    public void A_client_that_wants_what_is_cached_or_nothing_gets_504_without_a_call()
    {
        using var api = new FreshApi();
        api.Get("Cache-Control: only-if-cached");
        Assert.Equal((504, 0), (api.Status, api.Calls));
        api.Answers("Cache-Control: max-age=60", "1").Get();
        Assert.Equal("1", api.Get("Cache-Control: only-if-cached"));
        api.Advance(60);
        api.Get("Cache-Control: only-if-cached");
        Assert.Equal((504, 1), (api.Status, api.Calls));
        api.Get("Cache-Control: only-if-cached\nRange: bytes=0-1");
        Assert.Equal((504, 1), (api.Status, api.Calls));
    }

    [Fact]
    public void A_client_may_have_the_answer_fetched_anew_and_others_get_the_new_one()
    {
        using var api = new FreshApi();
        api.Answers("Cache-Control: max-age=60", "1").Get();
        Assert.Equal("2", api.Answers("Cache-Control: max-age=60", "2").Get("Cache-Control: no-cache"));
        Assert.Equal("2", api.Answers("Cache-Control: max-age=60", "3").Get());
        Assert.Equal("3", api.Get("Pragma: no-cache"));
        Assert.Equal("4", api.Answers("Cache-Control: max-age=60", "4").Get("Cache-Control: no-store, no-cache"));
        Assert.Equal("3", api.Get());
    }

    [Fact]
    public void Where_requests_are_not_honoured_they_change_nothing()
    {
        using var api = new FreshApi("rfc9111: true, honorRequests: false");
        api.Answers("Cache-Control: max-age=60", "1").Get("Cache-Control: no-store");
        api.Answers("", "2");
        Assert.Equal("1", api.Get("Cache-Control: no-cache"));
        Assert.Equal("1", api.Get("Cache-Control: max-age=0\nPragma: no-cache"));
        api.Get("Cache-Control: only-if-cached", "/pets/2");
        Assert.Equal(200, api.Status);
    }

    [Fact]
    public void A_client_that_takes_what_has_expired_gets_it()
    {
        using var api = new FreshApi("rfc9111: true, keepExpired: 100");
        api.Answers("Cache-Control: max-age=60\nETag: \"1\"", "1").Get();
        api.Answers("", "2").Advance(100);
        Assert.Equal("1", api.Get("Cache-Control: max-stale=40"));
        Assert.Equal(("100", "1"), (api.Field("Age"), api.Counted("stale")));
        Assert.Equal("2", api.Get("Cache-Control: max-stale=39"));
    }

    [Fact]
    public void A_lifetime_is_guessed_where_the_setting_says_so()
    {
        using var api = new FreshApi("rfc9111: true, heuristicPercent: 10");
        api.Answers("Last-Modified: Sun, 22 Nov 2026 12:50:00 GMT", "1").Get();
        api.Answers("", "2").Advance(59);
        Assert.Equal("1", api.Get());
        api.Advance(1);
        Assert.Equal("2", api.Get());
    }

    [Fact]
    public void A_mapped_answer_is_judged_by_what_the_client_is_told()
    {
        using var api = new FreshApi(integration: "type: http\nresponses: {default: {statusCode: '200', responseParameters: {method.response.header.Cache-Control: \"'max-age=60'\"}}}");
        api.Answers("Cache-Control: no-store", "1").Get();
        api.Answers("Cache-Control: no-store", "2").Get();
        Assert.Equal((1, "0"), (api.Calls, api.Field("Age")));
    }

    [Fact]
    public void A_body_that_streams_is_stored_at_its_end_and_one_that_is_cut_is_not()
    {
        using var api = new FreshApi();
        api.Upstream.Answer("HTTP/1.1 200 OK\nCache-Control: max-age=60\nTransfer-Encoding: chunked", "1", "2");
        Assert.Equal("12", api.Get());
        Assert.Equal("12", api.Answers("", "3").Get());
        Assert.Equal("0", api.Field("Age"));
    }

    [Fact]
    public void A_key_that_is_too_long_passes_the_cache_by()
    {
        using var api = new FreshApi(settings: new GatewaySettings { Cache = new CacheLimits(MaxKey: 200) });
        string target = "/pets/" + new string('x', 200);
        Assert.Equal("1", api.Answers("Cache-Control: max-age=60", "1").Get(target: target));
        Assert.Equal("2", api.Answers("Cache-Control: max-age=60", "2").Get(target: target));
        Assert.Equal("2", api.Metric("""edgeproxy_limit_hits_total{limit="cache.maxKey"}"""));
        string vary = "Accept: " + new string('y', 200);
        Assert.Equal("3", api.Answers("Cache-Control: max-age=60\nVary: Accept", "3").Get(vary));
        Assert.Equal("4", api.Answers("Cache-Control: max-age=60\nVary: Accept", "4").Get(vary));
    }
}
