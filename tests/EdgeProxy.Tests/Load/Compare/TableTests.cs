using EdgeProxy.Load.Compare;

namespace EdgeProxy.Tests.Load.Compare;

public sealed class TableTests
{
    [Fact]
    public void Writes_a_line_for_each_figure_and_names_what_did_not_take_part()
    {
        RowResult row = new()
        {
            Figure = "CPU",
            Must = "at most 1",
            Goal = "0.5",
            Cells = new Dictionary<string, string> { [Contender.NginxName] = "2 us", [Contender.EdgeProxyName] = "1 us" },
            Judged = "0.50",
            Verdict = new Threshold(1, 0.5).Judge(0.5),
        };

        string[] lines = Table.Write([row], ["HAProxy did not take part"]).Split('\n');

        Assert.Equal("| CPU | at most 1 | 0.5 | 1 us | 2 us |  |  | 0.50 | goal |", lines[2]);
        Assert.Equal("* HAProxy did not take part", lines[4]);
    }

    [Fact]
    public void Has_a_column_for_Varnish_only_where_it_took_part()
    {
        RowResult without = new() { Figure = "CPU", Cells = new Dictionary<string, string>() };
        RowResult with = new() { Figure = "hit", Cells = new Dictionary<string, string> { [Contender.VarnishName] = "3 us" } };

        Assert.DoesNotContain("Varnish", Table.Write([without], []), StringComparison.Ordinal);
        string[] lines = Table.Write([without, with], []).Split('\n');
        Assert.Equal("| hit |  |  |  |  |  |  | 3 us |  |  |", lines[3]);
        Assert.Single(lines[..4].Select(line => line.Count(letter => letter == '|')).Distinct());
    }

    [Theory]
    [InlineData(0.5, "Goal")]
    [InlineData(0.7, "Must")]
    [InlineData(1.0, "Must")]
    [InlineData(1.01, "Missed")]
    [InlineData(double.NaN, null)]
    public void A_figure_is_judged_by_what_it_does_not_exceed(double figure, string? verdict)
    {
        Assert.Equal(verdict, new Threshold(1, 0.5).Judge(figure)?.ToString());
    }
}
