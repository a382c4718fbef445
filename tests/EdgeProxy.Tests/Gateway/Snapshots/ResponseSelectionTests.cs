using EdgeProxy.Gateway.Snapshots;

namespace EdgeProxy.Tests.Gateway.Snapshots;

public sealed class ResponseSelectionTests
{
    private static readonly ResponsePlan[] Plans = [new() { Status = 200 }, new() { Status = 400 }, new() { Status = 404 }];

    [Theory]
    [InlineData(200, 200)]
    [InlineData(404, 400)]
    [InlineData(999, 200)]
    [InlineData(1000, 200)]
    [InlineData(-1, 200)]
    public void Takes_the_first_that_matches_and_else_the_default(int status, int expected)
    {
        var selection = new ResponseSelection(Plans, static (i, text) => i > 0 && text[0] == '4', defaultIndex: 0);
        Assert.Equal(expected, selection.Choose(status)!.Status);
    }

    [Fact]
    public void Has_no_answer_without_match_and_default()
    {
        var selection = new ResponseSelection(Plans, static (i, text) => i == 2 && text == "404", defaultIndex: -1);
        Assert.Null(selection.Choose(200));
        Assert.Null(selection.Choose(-5));
        Assert.Null(selection.Choose(5000));
        Assert.Same(Plans[2], selection.Choose(404));
    }

    [Fact]
    public void Never_asks_the_default_for_a_pattern()
    {
        var selection = new ResponseSelection(Plans, static (i, _) => i == 0, defaultIndex: 0);
        Assert.Same(Plans[0], selection.Choose(500));
        _ = new ResponseSelection(Plans, static (i, _) => i == 1 ? throw new InvalidOperationException() : false, defaultIndex: 1);
    }
}
