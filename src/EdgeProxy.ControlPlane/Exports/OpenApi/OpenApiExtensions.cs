namespace EdgeProxy.ControlPlane.Exports.OpenApi;

/// <summary>Which extensions an exported document carries (control-plane.md 3.8).</summary>
[Flags]
public enum OpenApiExtensions
{
    /// <summary>None: what any tool reads, and what describes an API to those who call it.</summary>
    None = 0,

    /// <summary>What security schemes say of authorizers.</summary>
    Authorizers = 1,

    /// <summary>Documentation parts and their version.</summary>
    Documentation = 2,

    /// <summary>Everything that makes the document import to the same API, the others included.</summary>
    All = 7,
}
