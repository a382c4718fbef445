namespace EdgeProxy.Telemetry.Metrics;

/// <summary>Hands out runs of cells for new series. Called under the registry's lock.</summary>
internal sealed class CellAllocator(int stripes)
{
    private CellPage? _page;
    private int _used;

    /// <summary>Single-writer stripes of every page.</summary>
    public int Stripes => stripes;

    /// <summary>Takes a run that lies within one page.</summary>
    public (CellPage Page, int Index) Take(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, CellPage.Capacity);
        if (_page is null || _used + count > CellPage.Capacity)
        {
            _page = new CellPage(stripes);
            _used = 0;
        }

        int index = CellPage.IndexOf(_used);
        _used += count;
        return (_page, index);
    }
}
