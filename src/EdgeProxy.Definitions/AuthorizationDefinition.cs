namespace EdgeProxy.Definitions;

/// <summary>What a method asks of its callers.</summary>
/// <param name="Kind">The kind of proof.</param>
/// <param name="Authorizer">Name of the authorizer; null for <see cref="AuthorizationKind.None"/> and <see cref="AuthorizationKind.AwsIam"/>.</param>
/// <param name="Scopes">OAuth scopes of which a token needs one; empty for any.</param>
/// <param name="Origin">The requirement; the root's when a method inherits it.</param>
public sealed record AuthorizationDefinition(AuthorizationKind Kind, string? Authorizer, IReadOnlyList<string> Scopes, Origin? Origin)
{
    /// <summary>Nothing asked.</summary>
    public static AuthorizationDefinition None { get; } = new(AuthorizationKind.None, null, [], null);
}
