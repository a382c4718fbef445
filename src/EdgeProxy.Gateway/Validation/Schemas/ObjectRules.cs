using EdgeProxy.Gateway.Validation.Patterns;

namespace EdgeProxy.Gateway.Validation.Schemas;

/// <summary>The keywords that look at objects (draft 4, 5.4).</summary>
/// <remarks>All names that a keyword mentions have a number in one table, and for each object one bit a name says whether it has come.</remarks>
internal sealed class ObjectRules
{
    private static int s_made;

    /// <summary>A number that no other rules of the process have.</summary>
    public int Id { get; } = Interlocked.Increment(ref s_made);

    public int MinProperties { get; init; }

    public int MaxProperties { get; init; } = int.MaxValue;

    /// <summary>Names in <c>properties</c>, <c>required</c> and <c>dependencies</c>.</summary>
    public required NameTable Names { get; init; }

    /// <summary>By a name's number; null for one that <c>properties</c> does not have.</summary>
    public required SchemaPlan?[] Properties { get; init; }

    /// <summary>Bits of the required names, 64 to a word; empty for none.</summary>
    public required ulong[] Required { get; init; }

    public required PropertyDependency[] Dependencies { get; init; }

    public required (TextPattern Pattern, SchemaPlan Schema)[] Patterns { get; init; }

    /// <summary>The schema of members that neither <c>properties</c> nor <c>patternProperties</c> take; null when they may be anything.</summary>
    public SchemaPlan? Additional { get; set; }

    /// <summary>Whether members have to be looked at one by one.</summary>
    public bool LooksAtMembers { get; init; }
}
