using System.Collections.Frozen;

namespace EdgeProxy.Identity.SigV4;

/// <summary>The keys that are accepted, by id. An id is no secret: it stands in each request.</summary>
public sealed class AccessKeys
{
    private readonly FrozenDictionary<string, AccessKey> _keys;

    /// <param name="keys">With ids that differ.</param>
    public AccessKeys(IEnumerable<AccessKey> keys) => _keys = keys.ToFrozenDictionary(static key => key.Credentials.AccessKeyId, StringComparer.Ordinal);

    public static AccessKeys None { get; } = new([]);

    public int Count => _keys.Count;

    public AccessKey? FindOrNull(string id) => _keys.GetValueOrDefault(id);
}
