using System.Text;
using EdgeProxy.Gateway.Caching.Freshness;
using EdgeProxy.Http.Messages;
using static EdgeProxy.Conformance.Tests.Rfc9111.StoredAnswers;

namespace EdgeProxy.Conformance.Tests.Rfc9111;

public sealed class Section4_3_Validation
{
    [Fact]
    public void Takes_tag_and_date_of_change_where_they_are_readable()
    {
        HeaderTable fields = Fields("ETag: \"1\"\nLast-Modified: Sun, 22 Nov 2026 12:00:00 GMT\nETag: \"2\"");
        AnswerFacts facts = AnswerFacts.Of(fields, Received);
        Assert.Equal((0, 1), (facts.Tag, facts.LastModified));
        Assert.False(AnswerFacts.Of(Fields("ETag: 1\nLast-Modified: yesterday"), Received).HasValidator);
    }

    // 4.3.4, 3.2.
    [Theory]
    [InlineData("Cache-Control", true)]
    [InlineData("ETag", true)]
    [InlineData("Expires", true)]
    [InlineData("x-own", true)]
    [InlineData("Content-Location", true)]
    [InlineData("Content-Length", false)]
    [InlineData("Content-Type", false)]
    [InlineData("Content-Encoding", false)]
    [InlineData("content-range", false)]
    [InlineData("Transfer-Encoding", false)]
    [InlineData("Connection", false)]
    [InlineData("Age", false)]
    [InlineData("x-amzn-RequestId", false)]
    [InlineData("x-amzn-Remapped-Content-Length", false)]
    public void A_304_replaces_the_fields_that_do_not_describe_the_stored_bytes(string name, bool isReplaced)
    {
        byte[] bytes = Encoding.ASCII.GetBytes(name);
        Assert.Equal(isReplaced, StoredFields.AreReplacedBy(KnownHeaders.Find(bytes), bytes));
    }

    [Theory]
    [InlineData("\"1\"", "\"1\"", true)]
    [InlineData("\"1\"", "W/\"1\"", true)]
    [InlineData("\"1\"", "", true)]
    [InlineData("\"1\"", "\"2\"", false)]
    [InlineData("", "\"2\"", false)]
    public void A_304_with_another_tag_is_not_about_the_stored_answer(string stored, string told, bool isOf) =>
        Assert.Equal(isOf, StoredFields.AreOf(Encoding.ASCII.GetBytes(stored), Encoding.ASCII.GetBytes(told)));
}
