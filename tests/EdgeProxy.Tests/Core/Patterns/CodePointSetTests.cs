using EdgeProxy.Core.Patterns;

namespace EdgeProxy.Tests.Core.Patterns;

public sealed class CodePointSetTests
{
    [Fact]
    public void Sets_agree_with_a_table_of_all_code_points()
    {
        var random = new Random(5);
        for (int i = 0; i < 200; i++)
        {
            (CodePointSet left, bool[] inLeft) = Some(random);
            (CodePointSet right, bool[] inRight) = Some(random);
            (CodePointSet Set, Func<int, bool> Expected)[] all =
            [
                (left, c => inLeft[c]),
                (left.Union(right), c => inLeft[c] || inRight[c]),
                (left.Intersection(right), c => inLeft[c] && inRight[c]),
                (left.Complement(), c => !inLeft[c]),
                (left.Complement().Complement(), c => inLeft[c]),
            ];
            foreach ((CodePointSet set, Func<int, bool> expected) in all)
            {
                for (int c = 0; c < inLeft.Length; c++) Assert.Equal(expected(c), set.Contains(c));
            }
        }
    }

    [Fact]
    public void The_complement_of_nothing_is_everything()
    {
        Assert.Equal(1, CodePointSet.Empty.Complement().Ranges);
        Assert.True(CodePointSet.Empty.Complement().Contains(CodePointSet.Last));
        Assert.Equal(0, CodePointSet.All.Complement().Ranges);
    }

    [Fact]
    public void Either_case_of_a_letter_stands_for_both()
    {
        CodePointSet set = CodePointSet.Of('a', 'c').Union(CodePointSet.Of('X')).IgnoringCase();
        Assert.Equal("ABCXabcx", string.Concat(Enumerable.Range(0, 300).Where(set.Contains).Select(c => (char)c)));
    }

    [Theory]
    [InlineData("Lower", 'a', 'A')]
    [InlineData("Lu", 'É', 'é')]
    [InlineData("IsAlphabetic", 'é', '1')]
    [InlineData("Punct", '~', 'a')]
    [InlineData("Cntrl", '\u007f', ' ')]
    [InlineData("IsDigit", '٣', 'a')]
    [InlineData("Digit", '3', '٣')]
    public void Java_knows_classes_of_ascii_and_categories(string name, char inside, char outside)
    {
        CodePointSet set = CodePointSet.JavaClass(name)!;
        Assert.True(set.Contains(inside));
        Assert.False(set.Contains(outside));
    }

    [Fact]
    public void An_unknown_class_is_none() => Assert.Null(CodePointSet.JavaClass("Nope"));

    // Small numbers, so that bounds coincide.
    private static (CodePointSet Set, bool[] Holds) Some(Random random)
    {
        var holds = new bool[160];
        CodePointSet set = CodePointSet.Empty;
        for (int i = random.Next(4); i > 0; i--)
        {
            int first = random.Next(150);
            int final = first + random.Next(10);
            set = set.Union(CodePointSet.Of(first, final));
            holds.AsSpan(first, final - first + 1).Fill(true);
        }

        return (set, holds);
    }
}
