using EdgeProxy.Compiler.Passes;

namespace EdgeProxy.Compiler.Mappings;

/// <summary>The target of a parameter mapping, taken apart.</summary>
/// <param name="Kind">What is set.</param>
/// <param name="Name">Its name.</param>
public readonly record struct MappingTarget(TargetKind Kind, string Name)
{
    private static readonly (string Prefix, TargetKind Kind)[] Forms =
    [
        ("integration.request.header.", TargetKind.IntegrationHeader),
        ("integration.request.querystring.", TargetKind.IntegrationQuery),
        ("integration.request.path.", TargetKind.IntegrationPath),
        ("method.response.header.", TargetKind.ResponseHeader),
    ];

    /// <summary>Takes a target apart; false when it has none of the forms.</summary>
    public static bool TryParse(string text, out MappingTarget target)
    {
        foreach ((string prefix, TargetKind kind) in Forms)
        {
            if (!text.StartsWith(prefix, StringComparison.Ordinal)) continue;
            target = new MappingTarget(kind, text[prefix.Length..]);
            return PathSyntax.IsName(target.Name);
        }

        target = default;
        return false;
    }
}
