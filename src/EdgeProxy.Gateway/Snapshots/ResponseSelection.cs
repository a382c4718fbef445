namespace EdgeProxy.Gateway.Snapshots;

/// <summary>
/// Chooses the integration response for a status. The patterns were run when the plan was built, over every status, so that no
/// regular expression runs on a request, but for a MOCK that names a number which is no status.
/// </summary>
internal sealed class ResponseSelection
{
    /// <summary>Statuses that patterns are run over: 0 to 999.</summary>
    public const int Statuses = 1000;

    private readonly ResponsePlan[] _responses;
    private readonly byte[] _byStatus;
    private readonly Func<int, int>? _others;
    private readonly ResponsePlan? _default;

    /// <param name="responses">The responses in the order stored; at most 254.</param>
    /// <param name="matches">Whether the pattern of the response at an index matches a text (whole, anchored at both ends). False for one without pattern.</param>
    /// <param name="defaultIndex">The response without a pattern, or -1.</param>
    public ResponseSelection(ResponsePlan[] responses, Func<int, string, bool> matches, int defaultIndex)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(responses.Length, 254);
        _responses = responses;
        _default = defaultIndex < 0 ? null : responses[defaultIndex];
        _byStatus = new byte[Statuses];
        for (int status = 0; status < Statuses; status++) _byStatus[status] = (byte)(1 + Choose(status));
        _others = Choose;

        int Choose(int status)
        {
            string text = status.ToString(System.Globalization.CultureInfo.InvariantCulture);
            for (int i = 0; i < responses.Length; i++)
            {
                // Several may match; the first stored is taken (rest-api.md 5.9).
                if (i != defaultIndex && matches(i, text)) return i;
            }

            return defaultIndex;
        }
    }

    /// <summary>With the patterns' matches worked out already: routes whose patterns are the same share them.</summary>
    /// <param name="responses">The responses in the order stored; at most 254.</param>
    /// <param name="byStatus">For each status from 0 to 999 one more than the index of its response, or 0 for none.</param>
    /// <param name="defaultIndex">The response without a pattern, or -1.</param>
    /// <param name="others">The index of the response, or -1, for any other number; null when all get the default.</param>
    public ResponseSelection(ResponsePlan[] responses, byte[] byStatus, int defaultIndex, Func<int, int>? others)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(responses.Length, 254);
        ArgumentOutOfRangeException.ThrowIfNotEqual(byStatus.Length, Statuses);
        _responses = responses;
        _byStatus = byStatus;
        _default = defaultIndex < 0 ? null : responses[defaultIndex];
        _others = others;
    }

    /// <summary>The responses in the order stored.</summary>
    public IReadOnlyList<ResponsePlan> All => _responses;

    /// <summary>The response for a status, or null: no match and no default.</summary>
    public ResponsePlan? Choose(int status)
    {
        if ((uint)status < Statuses) return _byStatus[status] == 0 ? null : _responses[_byStatus[status] - 1];
        if (_others is null) return _default;

        // No backend answers so: only a MOCK, whose template or client names whatever number.
        int index = _others(status);
        return index < 0 ? null : _responses[index];
    }
}
