using EdgeProxy.Compiler.Passes;
using EdgeProxy.Gateway.Snapshots;

namespace EdgeProxy.Tests.Compiler.Passes;

public sealed class BuildSelectionsTests
{
    private readonly BuildSelections _selections = new();

    [Theory]
    [InlineData(200, 200)]
    [InlineData(404, 400)]
    [InlineData(418, 418)]
    [InlineData(500, 500)]
    [InlineData(999, 200)]
    public void Takes_the_first_pattern_that_matches_the_whole_status_else_the_default(int status, int chosen) =>
        Assert.Equal(chosen, Run([null, "418", "4\\d{2}", "5.*"], [200, 418, 400, 500]).Choose(status)!.Status);

    [Fact]
    public void Takes_a_pattern_before_the_default_though_it_stands_behind_it_and_an_empty_one_as_the_default()
    {
        Assert.Equal(404, Run(["", "404"], [200, 404]).Choose(404)!.Status);
        Assert.Equal(200, Run(["", "404"], [200, 404]).Choose(405)!.Status);
    }

    [Fact]
    public void Has_no_response_without_match_and_default() => Assert.Null(Run(["4.."], [404]).Choose(200));

    [Theory]
    [InlineData(-1000, 400)]
    [InlineData(1000, 200)]
    public void Chooses_for_the_odd_numbers_of_mock_templates(int status, int chosen) =>
        Assert.Equal(chosen, _selections.Run([null, "-.*"], Plans(200, 400)).Choose(status)!.Status);

    [Fact]
    public void Keeps_routes_with_equal_patterns_apart_in_their_responses()
    {
        Assert.Equal(201, Run([null], [201]).Choose(5)!.Status);
        Assert.Equal(202, Run([null], [202]).Choose(5)!.Status);
    }

    [Fact]
    public void Keeps_routes_without_responses_and_with_one_default_apart()
    {
        Assert.Null(Run([], []).Choose(200));
        Assert.Equal(200, Run([null], [200]).Choose(200)!.Status);
        Assert.Null(Run([], []).Choose(200));
    }

    [Fact]
    public void Keeps_patterns_with_line_ends_apart_from_several()
    {
        Assert.Equal(200, Run(["4\\d{2}", null], [400, 200]).Choose(500)!.Status);
        Assert.Null(Run(["4\\d{2}\n"], [400]).Choose(404));
    }

    private ResponseSelection Run(string?[] patterns, int[] statuses) => _selections.Run(patterns, Plans(statuses));

    private static ResponsePlan[] Plans(params int[] statuses) => [.. statuses.Select(status => new ResponsePlan { Status = status })];
}
