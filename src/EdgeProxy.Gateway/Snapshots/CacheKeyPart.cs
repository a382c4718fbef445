using EdgeProxy.Http.Messages;

namespace EdgeProxy.Gateway.Snapshots;

/// <summary>One value of a cache key.</summary>
internal sealed class CacheKeyPart
{
    /// <param name="name">As <c>cacheKeyParameters</c> writes it.</param>
    /// <param name="source">Where the value comes from; for a parameter of the integration request, where the mapping takes it from.</param>
    public CacheKeyPart(string name, ValueSource source)
    {
        Name = name;
        Source = source;
        Known = source.Kind is ValueSourceKind.Header or ValueSourceKind.MultiValueHeader ? KnownHeaders.Find(source.Name.Span) : KnownHeader.Other;
    }

    public string Name { get; }

    public ValueSource Source { get; }

    /// <summary>For a header: its known name.</summary>
    public KnownHeader Known { get; }
}
