namespace EdgeProxy.Gateway.Snapshots;

/// <summary>How a route's requests are answered.</summary>
internal abstract class IntegrationPlan
{
    /// <summary>The default of <see cref="TimeoutNanoseconds"/>: 29 s.</summary>
    public const long DefaultTimeoutNanoseconds = 29_000_000_000;

    private readonly ParameterMapping[] _requestParameters = [];

    public abstract IntegrationKind Kind { get; }

    /// <summary>The time from the call to its last byte (rest-api.md 5.12), in nanoseconds.</summary>
    public long TimeoutNanoseconds { get; init; } = DefaultTimeoutNanoseconds;

    /// <summary>Whether the answer reaches the client as it comes (<c>responseTransferMode: STREAM</c>, rest-api.md 5.13).</summary>
    public bool StreamsAnswer { get; init; }

    /// <summary>What becomes of the request's body before a template reads it; of no effect on proxy types.</summary>
    public ContentConversion Conversion { get; init; }

    /// <summary>What the request gets from elsewhere: headers and query parameters in the order written, then path parameters.</summary>
    public ParameterMapping[] RequestParameters
    {
        get => _requestParameters;
        init
        {
            _requestParameters = value;
            MapsBody = Array.Exists(value, static mapping => mapping.Source.IsBody);
        }
    }

    /// <summary>Whether one of the <see cref="RequestParameters"/> is taken out of the body.</summary>
    public bool MapsBody { get; private init; }

    /// <summary>What becomes of the client's body; proxy types have none, so that it passes.</summary>
    public RequestTemplates RequestTemplates { get; init; } = RequestTemplates.None;

    /// <summary>What becomes of the client's body; null for proxy types, which pass it.</summary>
    public virtual RequestTemplates? RequestTemplatesOrNull => null;

    /// <summary>Chooses among the integration responses; null for proxy types, whose answers pass.</summary>
    public virtual ResponseSelection? ResponsesOrNull => null;
}
