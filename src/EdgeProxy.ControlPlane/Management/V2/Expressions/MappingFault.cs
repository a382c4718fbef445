namespace EdgeProxy.ControlPlane.Management.V2.Expressions;

/// <summary>What is said of a wrong parameter mapping (control-plane.md 1.4).</summary>
internal static class MappingFault
{
    private const int LongestShown = 200;

    public static string Invalid(string expression) => $"Invalid mapping expression specified: {(expression.Length <= LongestShown ? expression : expression[..LongestShown])}";

    /// <summary>Whether a constant would end a field's line and begin another.</summary>
    public static bool BreaksLines(string target, string value) => target.Contains("header.", StringComparison.Ordinal) && value.AsSpan().IndexOfAny('\r', '\n', '\0') >= 0;

    /// <summary>The fault as an answer.</summary>
    public static Reply? Of(string? error) => error is null ? null
        : Reply.BadRequest($"Invalid mapping expression specified: Validation Result: warnings : [], errors : [{error}]");
}
