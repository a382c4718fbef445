namespace EdgeProxy.Gateway.UsagePlans;

/// <summary>An API key as the table holds it: a digest in place of its value, and nothing that a collector would look at.</summary>
internal struct ApiKeyRecord
{
    public ulong DigestLow;
    public ulong DigestHigh;

    /// <summary>The key, in the ledger's names.</summary>
    public int Key;

    /// <summary>With one plan its row in the ledger; with several where their rows begin in the table's list.</summary>
    public int Row;

    /// <summary>How many plans it is in.</summary>
    public short Plans;

    public bool IsEnabled;
}
