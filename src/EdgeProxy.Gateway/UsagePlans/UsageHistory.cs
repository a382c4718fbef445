using System.Collections;

namespace EdgeProxy.Gateway.UsagePlans;

/// <summary>What was used on days that are over: a page a day, 20 bytes for each key of each plan that was used on it.</summary>
/// <remarks>The ledger's lock.</remarks>
/// <param name="mostDays">Days that are kept; what is older is forgotten.</param>
internal sealed class UsageHistory(int mostDays)
{
    private readonly SortedDictionary<int, Page> _pages = [];

    /// <summary>Days there are pages of.</summary>
    public int Days => _pages.Count;

    /// <summary>Takes in what a row used on a day. <see cref="Seal"/> follows.</summary>
    public void Add(int day, int row, long used, long remaining)
    {
        if (!_pages.TryGetValue(day, out Page? page)) _pages.Add(day, page = new Page());
        page.Add(row, used, remaining);
    }

    /// <summary>Makes what was added findable, and forgets what is too old.</summary>
    /// <param name="today">The day that runs.</param>
    public void Seal(int today)
    {
        foreach (Page page in _pages.Values) page.Seal();
        while (_pages.Count > 0)
        {
            int oldest = _pages.First().Key;
            if (oldest >= today - mostDays) return;
            _pages.Remove(oldest);
        }
    }

    public bool TryFind(int day, int row, out long used, out long remaining)
    {
        used = remaining = 0;
        return _pages.TryGetValue(day, out Page? page) && page.TryFind(row, out used, out remaining);
    }

    /// <summary>Sets the bit of each row of which something is kept.</summary>
    public void Mark(BitArray rows)
    {
        foreach (Page page in _pages.Values) page.Mark(rows);
    }

    private sealed class Page
    {
        private int[] _rows = [];
        private long[] _used = [];
        private long[] _remaining = [];
        private int _count;
        private bool _isSealed = true;
        private bool _isAscending = true;

        public void Add(int row, long used, long remaining)
        {
            if (_count == _rows.Length) Resize(Math.Max(16, _count * 2));
            if (_count > 0 && row <= _rows[_count - 1]) _isAscending = false;
            _rows[_count] = row;
            _used[_count] = used;
            _remaining[_count++] = remaining;
            _isSealed = false;
        }

        public void Seal()
        {
            if (_isSealed) return;
            if (!_isAscending) Order();
            Resize(_count);
            _isSealed = true;
        }

        public bool TryFind(int row, out long used, out long remaining)
        {
            int at = Array.BinarySearch(_rows, row);
            used = at < 0 ? 0 : _used[at];
            remaining = at < 0 ? 0 : _remaining[at];
            return at >= 0;
        }

        public void Mark(BitArray rows)
        {
            foreach (int row in _rows.AsSpan(0, _count)) rows[row] = true;
        }

        private void Order()
        {
            var order = new int[_count];
            for (int i = 0; i < _count; i++) order[i] = i;

            // Of two entries for a row the later one counts.
            Array.Sort(order, (left, right) => _rows[left] != _rows[right] ? _rows[left].CompareTo(_rows[right]) : left.CompareTo(right));
            var sorted = new Page();
            sorted.Resize(_count);
            foreach (int at in order)
            {
                if (sorted._count > 0 && sorted._rows[sorted._count - 1] == _rows[at]) sorted._count--;
                sorted.Add(_rows[at], _used[at], _remaining[at]);
            }

            (_rows, _used, _remaining, _count, _isAscending) = (sorted._rows, sorted._used, sorted._remaining, sorted._count, true);
        }

        private void Resize(int length)
        {
            Array.Resize(ref _rows, length);
            Array.Resize(ref _used, length);
            Array.Resize(ref _remaining, length);
        }
    }
}
