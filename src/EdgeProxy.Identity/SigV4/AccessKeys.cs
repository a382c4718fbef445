namespace EdgeProxy.Identity.SigV4;

/// <summary>The keys that are accepted, by id. An id is no secret: it stands in each request.</summary>
public sealed class AccessKeys
{
    private readonly Dictionary<string, AccessKey> _keys = new(StringComparer.Ordinal);

    /// <param name="keys">With ids that differ.</param>
    public AccessKeys(IEnumerable<AccessKey> keys)
    {
        foreach (AccessKey key in keys) _keys.Add(key.Credentials.AccessKeyId, key);
    }

    public static AccessKeys None { get; } = new([]);

    public int Count => _keys.Count;

    public AccessKey? FindOrNull(string id) => _keys.GetValueOrDefault(id);
}
