using System.Collections;

namespace EdgeProxy.Core.Collections;

/// <summary>The part of LINQ that this source uses, under the names everybody knows.</summary>
/// <remarks>
/// The class library's own is written for speed: an iterator knows what comes next, by generic virtual methods. Compiled ahead of time those
/// are made for every pair of value types that might meet, a megabyte of them (decision 0043). Here an operation is a loop. Nothing on the
/// hot path uses either. Semantics are those of <c>System.Linq</c>: lazy, in order, stable; arguments are not checked for null.
/// </remarks>
public static class Enumerable
{
    public static IEnumerable<int> Range(int start, int count)
    {
        for (int i = 0; i < count; i++) yield return start + i;
    }

    public static IEnumerable<T> Repeat<T>(T element, int count)
    {
        for (int i = 0; i < count; i++) yield return element;
    }

    public static IEnumerable<T> Empty<T>() => [];

    public static IEnumerable<TResult> Select<T, TResult>(this IEnumerable<T> source, Func<T, TResult> selector)
    {
        foreach (T item in source) yield return selector(item);
    }

    public static IEnumerable<TResult> Select<T, TResult>(this IEnumerable<T> source, Func<T, int, TResult> selector)
    {
        int index = 0;
        foreach (T item in source) yield return selector(item, index++);
    }

    public static IEnumerable<TResult> SelectMany<T, TResult>(this IEnumerable<T> source, Func<T, IEnumerable<TResult>> selector)
    {
        foreach (T item in source)
        {
            foreach (TResult inner in selector(item)) yield return inner;
        }
    }

    public static IEnumerable<T> Where<T>(this IEnumerable<T> source, Func<T, bool> predicate)
    {
        foreach (T item in source)
        {
            if (predicate(item)) yield return item;
        }
    }

    public static IEnumerable<T> OfType<T>(this IEnumerable source)
    {
        foreach (object? item in source)
        {
            if (item is T wanted) yield return wanted;
        }
    }

    public static IEnumerable<T> Cast<T>(this IEnumerable source)
    {
        foreach (object? item in source) yield return (T)item!;
    }

    public static IEnumerable<T> Concat<T>(this IEnumerable<T> first, IEnumerable<T> second)
    {
        foreach (T item in first) yield return item;
        foreach (T item in second) yield return item;
    }

    public static IEnumerable<T> Append<T>(this IEnumerable<T> source, T element)
    {
        foreach (T item in source) yield return item;
        yield return element;
    }

    public static IEnumerable<T> Distinct<T>(this IEnumerable<T> source, IEqualityComparer<T>? comparer = null)
    {
        var seen = new HashSet<T>(comparer);
        foreach (T item in source)
        {
            if (seen.Add(item)) yield return item;
        }
    }

    public static IEnumerable<T> Union<T>(this IEnumerable<T> first, IEnumerable<T> second, IEqualityComparer<T>? comparer = null) => first.Concat(second).Distinct(comparer);

    public static IEnumerable<T> Except<T>(this IEnumerable<T> first, IEnumerable<T> second, IEqualityComparer<T>? comparer = null)
    {
        var seen = new HashSet<T>(second, comparer);
        foreach (T item in first)
        {
            if (seen.Add(item)) yield return item;
        }
    }

    public static IEnumerable<T> Skip<T>(this IEnumerable<T> source, int count)
    {
        foreach (T item in source)
        {
            if (count-- <= 0) yield return item;
        }
    }

    public static IEnumerable<T> Take<T>(this IEnumerable<T> source, int count)
    {
        if (count <= 0) yield break;
        foreach (T item in source)
        {
            yield return item;
            if (--count == 0) yield break;
        }
    }

    public static IEnumerable<T> TakeWhile<T>(this IEnumerable<T> source, Func<T, bool> predicate)
    {
        foreach (T item in source)
        {
            if (!predicate(item)) yield break;
            yield return item;
        }
    }

    public static IEnumerable<T> Reverse<T>(this IEnumerable<T> source)
    {
        List<T> items = source.ToList();
        for (int i = items.Count - 1; i >= 0; i--) yield return items[i];
    }

    public static IEnumerable<(TFirst First, TSecond Second)> Zip<TFirst, TSecond>(this IEnumerable<TFirst> first, IEnumerable<TSecond> second)
    {
        using IEnumerator<TSecond> other = second.GetEnumerator();
        foreach (TFirst item in first)
        {
            if (!other.MoveNext()) yield break;
            yield return (item, other.Current);
        }
    }

    public static IEnumerable<T[]> Chunk<T>(this IEnumerable<T> source, int size)
    {
        var chunk = new List<T>(size);
        foreach (T item in source)
        {
            chunk.Add(item);
            if (chunk.Count < size) continue;
            yield return chunk.ToArray();
            chunk.Clear();
        }

        if (chunk.Count > 0) yield return chunk.ToArray();
    }

    public static OrderedSequence<T> Order<T>(this IEnumerable<T> source, IComparer<T>? comparer = null)
    {
        comparer ??= Comparer<T>.Default;
        return new OrderedSequence<T>(source, comparer.Compare);
    }

    public static OrderedSequence<T> OrderBy<T, TKey>(this IEnumerable<T> source, Func<T, TKey> key, IComparer<TKey>? comparer = null)
    {
        comparer ??= Comparer<TKey>.Default;
        return new OrderedSequence<T>(source, (one, other) => comparer.Compare(key(one), key(other)));
    }

    public static OrderedSequence<T> OrderByDescending<T, TKey>(this IEnumerable<T> source, Func<T, TKey> key, IComparer<TKey>? comparer = null)
    {
        comparer ??= Comparer<TKey>.Default;
        return new OrderedSequence<T>(source, (one, other) => comparer.Compare(key(other), key(one)));
    }

    public static OrderedSequence<T> ThenBy<T, TKey>(this OrderedSequence<T> source, Func<T, TKey> key, IComparer<TKey>? comparer = null)
    {
        comparer ??= Comparer<TKey>.Default;
        return source.Then((one, other) => comparer.Compare(key(one), key(other)));
    }

    public static OrderedSequence<T> ThenByDescending<T, TKey>(this OrderedSequence<T> source, Func<T, TKey> key, IComparer<TKey>? comparer = null)
    {
        comparer ??= Comparer<TKey>.Default;
        return source.Then((one, other) => comparer.Compare(key(other), key(one)));
    }

    public static bool Any<T>(this IEnumerable<T> source)
    {
        using IEnumerator<T> items = source.GetEnumerator();
        return items.MoveNext();
    }

    public static bool Any<T>(this IEnumerable<T> source, Func<T, bool> predicate)
    {
        foreach (T item in source)
        {
            if (predicate(item)) return true;
        }

        return false;
    }

    public static bool All<T>(this IEnumerable<T> source, Func<T, bool> predicate)
    {
        foreach (T item in source)
        {
            if (!predicate(item)) return false;
        }

        return true;
    }

    public static bool Contains<T>(this IEnumerable<T> source, T value, IEqualityComparer<T>? comparer = null)
    {
        if (comparer is null && source is ICollection<T> collection) return collection.Contains(value);
        comparer ??= EqualityComparer<T>.Default;
        foreach (T item in source)
        {
            if (comparer.Equals(item, value)) return true;
        }

        return false;
    }

    public static bool SequenceEqual<T>(this IEnumerable<T> first, IEnumerable<T> second, IEqualityComparer<T>? comparer = null)
    {
        comparer ??= EqualityComparer<T>.Default;
        using IEnumerator<T> other = second.GetEnumerator();
        foreach (T item in first)
        {
            if (!other.MoveNext() || !comparer.Equals(item, other.Current)) return false;
        }

        return !other.MoveNext();
    }

    /// <exception cref="InvalidOperationException">There is none.</exception>
    public static T First<T>(this IEnumerable<T> source)
    {
        foreach (T item in source) return item;
        throw Nothing();
    }

    /// <exception cref="InvalidOperationException">None is such.</exception>
    public static T First<T>(this IEnumerable<T> source, Func<T, bool> predicate) => source.Where(predicate).First();

    public static T? FirstOrDefault<T>(this IEnumerable<T> source)
    {
        foreach (T item in source) return item;
        return default;
    }

    public static T? FirstOrDefault<T>(this IEnumerable<T> source, Func<T, bool> predicate)
    {
        foreach (T item in source)
        {
            if (predicate(item)) return item;
        }

        return default;
    }

    /// <exception cref="InvalidOperationException">There is none.</exception>
    public static T Last<T>(this IEnumerable<T> source)
    {
        List<T> items = source.ToList();
        return items.Count > 0 ? items[^1] : throw Nothing();
    }

    public static T? LastOrDefault<T>(this IEnumerable<T> source)
    {
        List<T> items = source.ToList();
        return items.Count > 0 ? items[^1] : default;
    }

    public static int Count<T>(this IEnumerable<T> source)
    {
        if (source is ICollection<T> collection) return collection.Count;
        int count = 0;
        foreach (T _ in source) count = checked(count + 1);
        return count;
    }

    public static int Count<T>(this IEnumerable<T> source, Func<T, bool> predicate) => source.Where(predicate).Count();

    public static int Sum(this IEnumerable<int> source) => source.Sum(static value => value);

    public static long Sum(this IEnumerable<long> source) => source.Sum(static value => value);

    public static int Sum<T>(this IEnumerable<T> source, Func<T, int> selector)
    {
        int sum = 0;
        foreach (T item in source) sum = checked(sum + selector(item));
        return sum;
    }

    public static long Sum<T>(this IEnumerable<T> source, Func<T, long> selector)
    {
        long sum = 0;
        foreach (T item in source) sum = checked(sum + selector(item));
        return sum;
    }

    /// <exception cref="InvalidOperationException">There is none.</exception>
    public static T Max<T>(this IEnumerable<T> source) => Most(source, static value => value, sign: 1);

    /// <exception cref="InvalidOperationException">There is none.</exception>
    public static TResult Max<T, TResult>(this IEnumerable<T> source, Func<T, TResult> selector) => Most(source, selector, sign: 1);

    /// <exception cref="InvalidOperationException">There is none.</exception>
    public static T Min<T>(this IEnumerable<T> source) => Most(source, static value => value, sign: -1);

    /// <exception cref="InvalidOperationException">There is none.</exception>
    public static TResult Min<T, TResult>(this IEnumerable<T> source, Func<T, TResult> selector) => Most(source, selector, sign: -1);

    public static TResult Aggregate<T, TResult>(this IEnumerable<T> source, TResult seed, Func<TResult, T, TResult> join)
    {
        foreach (T item in source) seed = join(seed, item);
        return seed;
    }

    public static T[] ToArray<T>(this IEnumerable<T> source) => source.ToList().ToArray();

    public static List<T> ToList<T>(this IEnumerable<T> source) => new(source);

    public static HashSet<T> ToHashSet<T>(this IEnumerable<T> source, IEqualityComparer<T>? comparer = null) => new(source, comparer);

    /// <exception cref="ArgumentException">Two have the same key.</exception>
    public static Dictionary<TKey, T> ToDictionary<T, TKey>(this IEnumerable<T> source, Func<T, TKey> key, IEqualityComparer<TKey>? comparer = null)
        where TKey : notnull => source.ToDictionary(key, static item => item, comparer);

    /// <exception cref="ArgumentException">Two have the same key.</exception>
    public static Dictionary<TKey, TValue> ToDictionary<T, TKey, TValue>(this IEnumerable<T> source, Func<T, TKey> key, Func<T, TValue> value, IEqualityComparer<TKey>? comparer = null)
        where TKey : notnull
    {
        var found = new Dictionary<TKey, TValue>(comparer);
        foreach (T item in source) found.Add(key(item), value(item));
        return found;
    }

    private static TResult Most<T, TResult>(IEnumerable<T> source, Func<T, TResult> selector, int sign)
    {
        using IEnumerator<T> items = source.GetEnumerator();
        if (!items.MoveNext()) throw Nothing();
        TResult most = selector(items.Current);
        while (items.MoveNext())
        {
            TResult value = selector(items.Current);
            if (Comparer<TResult>.Default.Compare(value, most) * sign > 0) most = value;
        }

        return most;
    }

    private static InvalidOperationException Nothing() => new("The sequence has no such element.");
}
