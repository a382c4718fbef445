namespace EdgeProxy.Gateway.Snapshots;

/// <summary>What becomes of a body that no request template takes (rest-api.md 5.4).</summary>
internal enum PassthroughBehavior : byte
{
    WhenNoMatch,
    WhenNoTemplates,
    Never,
}
