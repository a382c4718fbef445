namespace EdgeProxy.Definitions;

/// <summary>What happens to a body for whose media type there is no request template (rest-api.md 5.4).</summary>
public enum PassthroughBehavior
{
    /// <summary>It passes.</summary>
    WhenNoMatch,

    /// <summary>It passes only when there is no template at all.</summary>
    WhenNoTemplates,

    /// <summary>415.</summary>
    Never,
}
