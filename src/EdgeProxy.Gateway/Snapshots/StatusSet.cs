using System.Globalization;
using System.Text;

namespace EdgeProxy.Gateway.Snapshots;

/// <summary>Some of the statuses from 100 to 599. Equal when they are the same ones.</summary>
internal sealed class StatusSet : IEquatable<StatusSet>
{
    private const int Least = 100;
    private const int Most = 599;

    private readonly ulong[] _bits = new ulong[(Most / 64) + 1];

    /// <param name="statuses">Those that are in it; others than 100 to 599 are left out.</param>
    public StatusSet(params ReadOnlySpan<int> statuses)
    {
        foreach (int status in statuses)
        {
            if (status is >= Least and <= Most) _bits[status >> 6] |= 1UL << (status & 63);
        }
    }

    public static StatusSet None { get; } = new();

    /// <summary>200 to 299.</summary>
    public static StatusSet Successful { get; } = TryParse(["200-299"], out StatusSet set) ? set : None;

    /// <summary>502, 503 and 504: what proxies and overloaded servers answer, and no application for what it was asked.</summary>
    public static StatusSet Gateway { get; } = new(502, 503, 504);

    /// <summary>Reads single statuses and ranges (<c>500-599</c>).</summary>
    public static bool TryParse(IReadOnlyList<string> texts, out StatusSet set)
    {
        var found = new List<int>();
        set = None;
        foreach (string text in texts)
        {
            int dash = text.IndexOf('-', StringComparison.Ordinal);
            string first = dash < 0 ? text : text[..dash];
            string last = dash < 0 ? text : text[(dash + 1)..];
            if (!IsStatus(first, out int from) || !IsStatus(last, out int to) || to < from) return false;
            for (int status = from; status <= to; status++) found.Add(status);
        }

        set = new StatusSet([.. found]);
        return true;
    }

    public bool Contains(int status) => (uint)status <= Most && (_bits[status >> 6] & (1UL << (status & 63))) != 0;

    public bool Equals(StatusSet? other) => other is not null && _bits.AsSpan().SequenceEqual(other._bits);

    public override bool Equals(object? obj) => Equals(obj as StatusSet);

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (ulong bits in _bits) hash.Add(bits);
        return hash.ToHashCode();
    }

    /// <summary>As it would be written: <c>502-504, 599</c>.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        for (int status = Least; status <= Most; status++)
        {
            if (!Contains(status)) continue;
            int first = status;
            while (Contains(status + 1)) status++;
            if (text.Length > 0) text.Append(", ");
            text.Append(first.ToString(CultureInfo.InvariantCulture));
            if (status > first) text.Append('-').Append(status.ToString(CultureInfo.InvariantCulture));
        }

        return text.ToString();
    }

    private static bool IsStatus(string text, out int status) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out status) && status is >= Least and <= Most;
}
