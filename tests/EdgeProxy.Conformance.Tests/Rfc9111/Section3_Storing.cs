using EdgeProxy.Gateway.Caching.Freshness;
using static EdgeProxy.Conformance.Tests.Rfc9111.StoredAnswers;

namespace EdgeProxy.Conformance.Tests.Rfc9111;

public sealed class Section3_Storing
{
    [Theory]
    [InlineData("Cache-Control: max-age=60")]
    [InlineData("Cache-Control: s-maxage=60")]
    [InlineData("Cache-Control: public, max-age=60")]
    [InlineData("Expires: Sun, 22 Nov 2026 13:01:00 GMT")]
    [InlineData("Cache-Control: no-cache\nETag: \"1\"")]
    [InlineData("ETag: \"1\"")]
    [InlineData("Last-Modified: Sun, 22 Nov 2026 12:00:00 GMT")]
    public void Stores_what_is_fresh_for_a_while_or_can_be_asked_for_by_a_condition(string fields) => Assert.Equal(StoreRefusal.None, Store(fields));

    [Theory]
    [InlineData("")]
    [InlineData("Cache-Control: max-age=0")]
    [InlineData("Cache-Control: public")]
    [InlineData("Expires: 0")]
    [InlineData("Expires: Sun, 22 Nov 2026 12:59:59 GMT")]
    [InlineData("Cache-Control: max-age=60\nAge: 60")]
    public void Does_not_store_what_nobody_would_be_served(string fields) => Assert.Equal(StoreRefusal.NoLifetime, Store(fields));

    [Theory]
    [InlineData("Cache-Control: no-store, max-age=60", StoreRefusal.NoStore)]
    [InlineData("Cache-Control: max-age=60\nCache-Control: NO-STORE", StoreRefusal.NoStore)]
    [InlineData("Cache-Control: max-age=60, private", StoreRefusal.Private)]
    [InlineData("Cache-Control: max-age=60, private=\"set-cookie\"", StoreRefusal.Private)]
    [InlineData("Cache-Control: max-age=60, private=\"set-cookie", StoreRefusal.NoStore)]
    public void Does_not_store_what_is_forbidden_to_shared_caches(string fields, object refusal) => Assert.Equal(refusal, Store(fields));

    [Fact]
    public void Does_not_store_for_a_request_that_forbids_it() =>
        Assert.Equal(StoreRefusal.RequestNoStore, Store("Cache-Control: max-age=60", request: "Cache-Control: no-store"));

    [Theory]
    [InlineData(206)]
    [InlineData(304)]
    public void Does_not_store_parts_and_words_about_what_is_stored(int status) => Assert.Equal(StoreRefusal.Status, Store("Cache-Control: max-age=60", status: status));

    [Theory]
    [InlineData(200)]
    [InlineData(204)]
    [InlineData(301)]
    [InlineData(404)]
    [InlineData(410)]
    [InlineData(503)]
    [InlineData(599)]
    public void Stores_any_whole_answer_that_has_a_lifetime(int status) => Assert.Equal(StoreRefusal.None, Store("Cache-Control: max-age=60", status: status));

    [Theory]
    [InlineData(302)]
    [InlineData(403)]
    [InlineData(500)]
    public void Does_not_store_other_statuses_for_a_validator_alone(int status) => Assert.Equal(StoreRefusal.NoLifetime, Store("ETag: \"1\"", status: status));

    // 5.2.2.3.
    [Theory]
    [InlineData(200, StoreRefusal.None)]
    [InlineData(307, StoreRefusal.None)]
    [InlineData(299, StoreRefusal.Status)]
    [InlineData(503, StoreRefusal.Status)]
    public void Must_understand_overrides_no_store_for_known_statuses_and_forbids_the_others(int status, object refusal) =>
        Assert.Equal(refusal, Store("Cache-Control: must-understand, no-store, max-age=60", status: status));

    // 3.5.
    [Theory]
    [InlineData("Cache-Control: max-age=60", StoreRefusal.Authorized)]
    [InlineData("ETag: \"1\"", StoreRefusal.Authorized)]
    [InlineData("Cache-Control: max-age=60, proxy-revalidate", StoreRefusal.Authorized)]
    [InlineData("Cache-Control: max-age=60, public", StoreRefusal.None)]
    [InlineData("Cache-Control: s-maxage=60", StoreRefusal.None)]
    [InlineData("Cache-Control: max-age=60, must-revalidate", StoreRefusal.None)]
    public void Stores_for_an_authorised_request_only_what_says_that_others_may_have_it(string fields, object refusal) =>
        Assert.Equal(refusal, Store(fields, request: "Authorization: Basic eDp5"));

    [Theory]
    [InlineData("Cache-Control: max-age=60\nSet-Cookie: a=1", StoreRefusal.Cookie)]
    [InlineData("Cache-Control: max-age=60, public\nSet-Cookie: a=1", StoreRefusal.None)]
    public void Stores_cookies_only_where_they_are_said_to_be_public(string fields, object refusal) => Assert.Equal(refusal, Store(fields));
}
