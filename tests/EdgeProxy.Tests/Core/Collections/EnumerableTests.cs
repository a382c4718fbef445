using Linq = System.Linq.Enumerable;
using Own = EdgeProxy.Core.Collections.Enumerable;

namespace EdgeProxy.Tests.Core.Collections;

/// <summary>Held against the class library's LINQ, whose semantics it promises.</summary>
public sealed class EnumerableTests
{
    private static readonly int[][] s_sequences = [[], [7], [3, 1, 2], [5, 5, 1, 9, 1, 5, 0], [.. Linq.Range(0, 50), .. Linq.Range(20, 50)]];

    public static TheoryData<int> Sequences => [.. Linq.Range(0, s_sequences.Length)];

    [Theory]
    [MemberData(nameof(Sequences))]
    public void Gives_the_sequences_that_LINQ_gives(int which)
    {
        int[] all = s_sequences[which];
        Assert.Equal(Linq.Select(all, value => (long)value * 2), Own.Select(all, value => (long)value * 2));
        Assert.Equal(Linq.Select(all, (value, index) => (value, index)), Own.Select(all, (value, index) => (value, index)));
        Assert.Equal(Linq.SelectMany(all, value => Linq.Range(0, value)), Own.SelectMany(all, value => Own.Range(0, value)));
        Assert.Equal(Linq.Where(all, value => value % 2 == 0), Own.Where(all, value => value % 2 == 0));
        Assert.Equal(Linq.Concat(all, all), Own.Concat(all, all));
        Assert.Equal(Linq.Append(all, 4), Own.Append(all, 4));
        Assert.Equal(Linq.Distinct(all), Own.Distinct(all));
        Assert.Equal(Linq.Union(all, [1, 77, 77]), Own.Union(all, [1, 77, 77]));
        Assert.Equal(Linq.Except(all, [1, 77]), Own.Except(all, [1, 77]));
        foreach (int count in (int[])[-1, 0, 1, 3, 1000])
        {
            Assert.Equal(Linq.Skip(all, count), Own.Skip(all, count));
            Assert.Equal(Linq.Take(all, count), Own.Take(all, count));
        }

        Assert.Equal(Linq.TakeWhile(all, value => value != 1), Own.TakeWhile(all, value => value != 1));
        Assert.Equal(Linq.Reverse(all), Own.Reverse((IEnumerable<int>)all));
        Assert.Equal(Linq.Zip(all, Linq.Skip(all, 1)), Own.Zip(all, Own.Skip(all, 1)));
        Assert.Equal(Linq.Chunk(all, 3), Own.Chunk(all, 3));
        Assert.Equal(Linq.Order(all), Own.Order(all));
        Assert.Equal(Linq.Repeat(3, all.Length), Own.Repeat(3, all.Length));
        Assert.Equal(Linq.OfType<string>((object[])["a", 1, null!, "b"]), Own.OfType<string>((object[])["a", 1, null!, "b"]));
        Assert.Equal(all, Own.Cast<int>(all));
    }

    [Theory]
    [MemberData(nameof(Sequences))]
    public void Gives_the_values_that_LINQ_gives(int which)
    {
        int[] all = s_sequences[which];
        IEnumerable<int> lazy = Own.Where(all, static _ => true);
        Assert.Equal((Linq.Any(all), Linq.Any(all, value => value > 8)), (Own.Any(lazy), Own.Any(lazy, value => value > 8)));
        Assert.Equal(Linq.All(all, value => value < 9), Own.All(lazy, value => value < 9));
        Assert.Equal((Linq.Contains(all, 9), Linq.Contains(all, -1)), (Own.Contains(lazy, 9), Own.Contains(lazy, -1)));
        Assert.Equal((Linq.Count(all), Linq.Count(all, value => value == 5)), (Own.Count(lazy), Own.Count(lazy, value => value == 5)));
        Assert.Equal((Linq.Sum(all), Linq.Sum(all, value => (long)value)), (Own.Sum(lazy), Own.Sum(lazy, value => (long)value)));
        Assert.Equal((Linq.FirstOrDefault(all), Linq.FirstOrDefault(all, value => value > 5)), (Own.FirstOrDefault(lazy), Own.FirstOrDefault(lazy, value => value > 5)));
        Assert.Equal(Linq.LastOrDefault(all), Own.LastOrDefault(lazy));
        Assert.Equal(Linq.Aggregate(all, "", (text, value) => text + value), Own.Aggregate(lazy, "", (text, value) => text + value));
        Assert.Equal(all, Own.ToArray(lazy));
        Assert.Equal(all, Own.ToList(lazy));
        Assert.True(Own.ToHashSet(lazy).SetEquals(all));
        Assert.Equal(Linq.SequenceEqual(all, [3, 1, 2]), Own.SequenceEqual(lazy, [3, 1, 2]));
        Assert.False(Own.SequenceEqual(lazy, Linq.Append(all, 1)));
        Assert.False(Own.SequenceEqual(Linq.Append(all, 1), lazy));
        if (all.Length == 0)
        {
            Assert.Throws<InvalidOperationException>(() => Own.First(lazy));
            Assert.Throws<InvalidOperationException>(() => Own.Last(lazy));
            Assert.Throws<InvalidOperationException>(() => Own.Max(lazy));
            return;
        }

        Assert.Equal((Linq.First(all), Linq.Last(all)), (Own.First(lazy), Own.Last(lazy)));
        Assert.Equal((Linq.Max(all), Linq.Min(all)), (Own.Max(lazy), Own.Min(lazy)));
        Assert.Equal((Linq.Max(all, value => -value), Linq.Min(all, value => -value)), (Own.Max(lazy, value => -value), Own.Min(lazy, value => -value)));
    }

    [Fact]
    public void Orders_as_LINQ_does_and_keeps_equals_in_their_order()
    {
        (string Text, int Number)[] all = [("b", 2), ("a", 2), ("a", 1), ("b", 1), ("A", 2), ("a", 1)];
        Assert.Equal(
            Linq.ThenByDescending(Linq.OrderBy(all, item => item.Text, StringComparer.OrdinalIgnoreCase), item => item.Number),
            Own.ThenByDescending(Own.OrderBy(all, item => item.Text, StringComparer.OrdinalIgnoreCase), item => item.Number));
        Assert.Equal(
            Linq.ThenBy(Linq.OrderByDescending(all, item => item.Number), item => item.Text, StringComparer.Ordinal),
            Own.ThenBy(Own.OrderByDescending(all, item => item.Number), item => item.Text, StringComparer.Ordinal));
        Assert.Equal(Linq.OrderBy(all, item => item.Number), Own.OrderBy(all, item => item.Number));
    }

    [Fact]
    public void Makes_dictionaries_and_refuses_a_key_twice()
    {
        Dictionary<string, int> found = Own.ToDictionary((string[])["a", "bb"], text => text, text => text.Length, StringComparer.OrdinalIgnoreCase);
        Assert.Equal(2, found["BB"]);
        Assert.Equal("bb", Own.ToDictionary((string[])["a", "bb"], text => text.Length)[2]);
        Assert.Throws<ArgumentException>(() => Own.ToDictionary((string[])["a", "a"], text => text));
    }

    [Fact]
    public void Takes_no_more_from_a_source_than_it_gives()
    {
        int taken = 0;
        Assert.Equal([0, 1], Own.Take(Endless(), 2));
        Assert.Equal(2, taken);

        IEnumerable<int> Endless()
        {
            while (true) yield return taken++;
        }
    }
}
