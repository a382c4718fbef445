using System.Collections;

namespace EdgeProxy.Core.Collections;

/// <summary>A sequence in an order, which is made when it is enumerated; equal elements keep the order they had.</summary>
public sealed class OrderedSequence<T> : IEnumerable<T>
{
    private readonly IEnumerable<T> _source;
    private readonly Comparison<T> _compare;

    internal OrderedSequence(IEnumerable<T> source, Comparison<T> compare)
    {
        _source = source;
        _compare = compare;
    }

    public IEnumerator<T> GetEnumerator()
    {
        T[] items = _source.ToArray();
        int[] order = new int[items.Length];
        for (int i = 0; i < order.Length; i++) order[i] = i;

        // Places are sorted rather than elements: one body of code for all types, and the place decides between equals.
        Array.Sort(order, (one, other) =>
        {
            int compared = _compare(items[one], items[other]);
            return compared != 0 ? compared : one.CompareTo(other);
        });
        foreach (int place in order) yield return items[place];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal OrderedSequence<T> Then(Comparison<T> next) => new(_source, (one, other) =>
    {
        int compared = _compare(one, other);
        return compared != 0 ? compared : next(one, other);
    });
}
