using EdgeProxy.Http.Messages;

namespace EdgeProxy.Gateway.Snapshots;

/// <summary>One entry of <c>requestParameters</c> or <c>responseParameters</c>: a value from somewhere, put somewhere.</summary>
internal sealed class ParameterMapping
{
    /// <param name="target">Header, query string or path.</param>
    /// <param name="name">The header, query parameter or placeholder that gets the value.</param>
    /// <param name="source">Where the value comes from.</param>
    public ParameterMapping(MappingTarget target, Utf8Text name, ValueSource source)
    {
        Target = target;
        Name = name;
        Source = source;
        Known = target == MappingTarget.Header ? KnownHeaders.Find(name.Span) : KnownHeader.Other;
    }

    public MappingTarget Target { get; }

    public Utf8Text Name { get; }

    /// <summary>The header as a known name.</summary>
    public KnownHeader Known { get; }

    public ValueSource Source { get; }
}
