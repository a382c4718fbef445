using EdgeProxy.ControlPlane.Documents;

namespace EdgeProxy.Tests.ControlPlane.Documents;

public sealed class SuggestTests
{
    [Theory]
    [InlineData("basepath", "basePath")]
    [InlineData("lisetners", "listeners")]
    [InlineData("timeoutInMilis", "timeoutInMillis")]
    [InlineData("uri", "uri")]
    public void Finds_the_word_that_was_meant(string word, string meant) =>
        Assert.Equal(meant, Suggest.Nearest(word, ["basePath", "listeners", "timeoutInMillis", "uri", "type"]));

    [Theory]
    [InlineData("")]
    [InlineData("somethingElse")]
    [InlineData("zz")]
    public void Suggests_nothing_when_nothing_is_close(string word) => Assert.Null(Suggest.Nearest(word, ["basePath", "uri"]));

    [Fact]
    public void Ignores_words_longer_than_anyone_misspells() => Assert.Null(Suggest.Nearest(new string('a', 5000), [new string('a', 4999)]));
}
