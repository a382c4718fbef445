using EdgeProxy.Gateway.Caching.Freshness;
using static EdgeProxy.Conformance.Tests.Rfc9111.StoredAnswers;

namespace EdgeProxy.Conformance.Tests.Rfc9111;

public sealed class Section4_2_3_Age
{
    [Theory]
    [InlineData("", 0, 0)]
    [InlineData("Age: 7", 0, 7)]
    [InlineData("Age: 7", 3, 10)] // the way counts as age: nobody knows when on it the Age was written
    [InlineData("Date: Sun, 22 Nov 2026 12:59:40 GMT", 0, 20)]
    [InlineData("Date: Sun, 22 Nov 2026 12:59:40 GMT\nAge: 7", 3, 20)]
    [InlineData("Date: Sun, 22 Nov 2026 12:59:40 GMT\nAge: 30", 3, 33)]
    [InlineData("Date: Sun, 22 Nov 2026 13:59:40 GMT\nAge: 7", 0, 7)] // a clock ahead of ours
    [InlineData("Age: -1", 0, 0)]
    [InlineData("Age: old", 0, 0)]
    [InlineData("Age: 5\nAge: 50", 0, 5)]
    public void The_age_when_received_is_the_larger_of_what_date_and_age_say(string fields, int underWay, int age) =>
        Assert.Equal(age, Life(fields, secondsUnderWay: underWay).InitialAge);

    [Fact]
    public void Grows_while_the_answer_is_stored()
    {
        AnswerLife life = Life("Age: 7");
        Assert.Equal(7, life.AgeAt(ReceivedAt));
        Assert.Equal(7, life.AgeAt(ReceivedAt + Second - 1));
        Assert.Equal(8, life.AgeAt(ReceivedAt + Second));
        Assert.Equal(1007, life.AgeAt(ReceivedAt + (1000 * Second)));
    }

    [Fact]
    public void A_lifetime_that_was_used_up_before_is_no_lifetime_here() => Assert.Equal(StoredUse.Revalidate, Use("Cache-Control: max-age=60\nAge: 60", 0));
}
