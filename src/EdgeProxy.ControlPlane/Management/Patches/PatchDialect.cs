namespace EdgeProxy.ControlPlane.Management.Patches;

/// <summary>In which words a family of resources refuses patch operations (control-plane.md 1.7).</summary>
public sealed class PatchDialect
{
    private readonly string? _paths;

    private PatchDialect(string? paths) => _paths = paths;

    /// <summary>One in the words of another, to say more of it.</summary>
    public PatchDialect(PatchDialect words) => _paths = words._paths;

    /// <summary>Of APIs, methods, method responses and gateway responses.</summary>
    public static PatchDialect Short { get; } = new((string?)null);

    /// <summary>What is said of a key that is not there, where it has to be; null when it need not be.</summary>
    public Func<PatchOperation, Reply>? MissingKey { get; init; }

    /// <summary>Of API keys, validators, documentation parts, models and resources.</summary>
    /// <param name="paths">What the text lists: <c>/a, /b</c>.</param>
    public static PatchDialect Listed(string paths) => new(paths);

    /// <summary>A path that nothing is at.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="knowsOp">Whether what is done is done at any path of the resource: the longer dialect looks at that first.</param>
    public Reply WrongPath(PatchOperation operation, bool knowsOp = true)
    {
        if (_paths is null) return Reply.BadRequest($"Invalid patch path {operation.Path ?? "null"}");
        return knowsOp ? Reply.BadRequest($"Invalid patch path  '{operation.Path ?? "null"}' specified for op '{operation.OpText}'. Must be one of: [{_paths}]") : NoSuchOp(operation);
    }

    /// <summary>A path at which something else is allowed.</summary>
    public Reply WrongOp(PatchOperation operation, PatchRule rule)
    {
        if (_paths is not null) return NoSuchOp(operation);
        var allowed = new List<string>();
        if (rule.Allows(PatchOp.Add)) allowed.Add("add");
        if (rule.Allows(PatchOp.Remove)) allowed.Add("remove");
        if (rule.Allows(PatchOp.Replace)) allowed.Add("replace");
        if (rule.Allows(PatchOp.Copy)) allowed.Add("copy");
        return Reply.BadRequest($"Invalid patch operation specified. Must be one of: [{string.Join(", ", allowed)}]");
    }

    private static Reply NoSuchOp(PatchOperation operation) => Reply.BadRequest($"Invalid patch path  '{operation.Path ?? "null"}' specified for op '{operation.OpText}'. Please choose supported operations");
}
