using EdgeProxy.Load.Compare;

namespace EdgeProxy.Tests.Load.Compare;

public sealed class ProcessStatTests
{
    private const string Tail = " S 41 42 42 0 -1 4194560 1000 0 0 0 230 120 9 9 20 0 1 0 12345 10000000 512 18446744073709551615 1 1 0 0";

    [Theory]
    [InlineData("42 (nginx)")]
    [InlineData("42 (a b) S 7 (x))")]
    [InlineData("42 ()")]
    public void Finds_the_fields_whatever_the_process_is_called(string start)
    {
        Assert.True(ProcessStat.TryParse(start + Tail, out ProcessStat stat));
        Assert.Equal(new ProcessStat(Parent: 41, CpuTicks: 350, ResidentPages: 512), stat);
    }

    [Theory]
    [InlineData("")]
    [InlineData("42 nginx S 41")]
    [InlineData("42 (nginx)")]
    [InlineData("42 (nginx) S x 42 42 0 -1 4194560 1000 0 0 0 230 120 9 9 20 0 1 0 12345 10000000 512 1")]
    public void Refuses_what_is_no_such_line(string line)
    {
        Assert.False(ProcessStat.TryParse(line, out _));
    }
}
