namespace EdgeProxy.Gateway.Snapshots;

/// <summary>One integration response: the method response it leads to (rest-api.md 5.9, 5.10).</summary>
internal sealed class ResponsePlan
{
    private readonly ParameterMapping[] _parameters = [];

    /// <summary>The status the client gets, 200 to 599: the Compiler lets no other pass.</summary>
    public required int Status { get; init; }

    /// <summary>The selection pattern as written, for explanations; empty for the default.</summary>
    public string Pattern { get; init; } = "";

    /// <summary>Whether the method declares a response of this status; if not, choosing it is a configuration error (rest-api.md 5.9).</summary>
    public bool IsDeclared { get; init; } = true;

    /// <summary>Header mappings, in the order written; their target is always a header.</summary>
    public ParameterMapping[] Parameters
    {
        get => _parameters;
        init
        {
            _parameters = value;
            MapsBody = Array.Exists(value, static mapping => mapping.Source.IsBody);
        }
    }

    /// <summary>Whether one of the <see cref="Parameters"/> is taken out of the body.</summary>
    public bool MapsBody { get; private init; }

    /// <summary>What becomes of the integration's body before a template reads it.</summary>
    public ContentConversion Conversion { get; init; }

    /// <summary>Body templates in the order stored; none means that the body passes.</summary>
    public BodyTemplate[] Templates { get; init; } = [];
}
