using EdgeProxy.Templates.Json;

namespace EdgeProxy.Gateway.Validation.Schemas;

/// <summary>What of a schema is told by kind, length and bounds alone: which values it surely takes. It never says that it does not take one.</summary>
internal sealed class PlainRules
{
    /// <summary>The rules as they are run.</summary>
    public readonly Glance Glance;

    /// <summary>For a schema that looks at nothing of an object but its members, by names of which there are no more than a word has bits: the rules that do. Else null.</summary>
    public readonly ObjectRules? Members;

    /// <param name="plan">A schema that is compiled to its end.</param>
    public PlainRules(SchemaPlan plan)
    {
        if (plan.Shared is not null) return;
        int kinds = plan.Types;
        if (plan.Strings is not null) kinds &= ~(1 << (int)JsonKind.String);
        if (plan.Numbers is not null) kinds &= ~((1 << (int)JsonKind.Integer) | (1 << (int)JsonKind.Decimal));
        if (plan.Arrays is not null) kinds &= ~(1 << (int)JsonKind.Array);
        if (plan.Objects is not null) kinds &= ~(1 << (int)JsonKind.Object);
        bool hasMembers = Takes(plan, JsonKind.Object) && plan.Objects is
        {
            LooksAtMembers: true, MinProperties: 0, MaxProperties: int.MaxValue, Patterns.Length: 0, Dependencies.Length: 0, Names.Count: <= 64, Required.Length: <= 1,
        };
        if (hasMembers) Members = plan.Objects;
        int least = 0;
        int most = -1;
        if (Takes(plan, JsonKind.String) && plan.Strings is { Pattern: null, Format: StringFormat.None } strings)
        {
            least = strings.MinLength;
            most = strings.MaxLength;
        }

        long low = long.MinValue;
        long high = long.MaxValue;
        bool hasBounds = Takes(plan, JsonKind.Integer) && plan.Numbers is { MultipleOf: null } numbers
            && numbers.Minimum?.TryLimit(1, out low) != false && numbers.Maximum?.TryLimit(-1, out high) != false;

        // A fraction is a number, which is more than a whole one.
        Glance = hasBounds ? new Glance(kinds, least, most, low, high, Takes(plan, JsonKind.Decimal)) : new Glance(kinds, least, most, 1, 0, takesFractions: false);
    }

    private static bool Takes(SchemaPlan plan, JsonKind kind) => (plan.Types & (1 << (int)kind)) != 0;
}
