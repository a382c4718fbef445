using EdgeProxy.Compiler.Problems;

namespace EdgeProxy.Tests.Compiler.Problems;

public sealed class ProblemListTests
{
    [Fact]
    public void Knows_whether_it_holds_errors_or_only_less()
    {
        var problems = new ProblemList();
        problems.Warning(ProblemCode.Syntax, null, "w");
        Assert.False(problems.HasErrors);
        problems.Unsupported(ProblemCode.Syntax, null, "u");
        Assert.True(problems.HasUnsupported);
        Assert.False(problems.HasErrors);
        problems.Error(ProblemCode.Syntax, null, "e");
        Assert.True(problems.HasErrors);
    }

    [Fact]
    public void Is_bounded_and_still_refuses_for_an_error_that_was_not_kept()
    {
        var problems = new ProblemList();
        for (int i = 0; i < ProblemList.Capacity; i++) problems.Warning(ProblemCode.Syntax, null, "w");
        problems.Error(ProblemCode.Syntax, null, "e");
        Assert.Equal((ProblemList.Capacity, 1, true), (problems.Count, problems.Dropped, problems.HasErrors));

        var all = new ProblemList();
        all.AddRange(problems);
        Assert.Equal((ProblemList.Capacity, 1, true), (all.Count, all.Dropped, all.HasErrors));
    }
}
