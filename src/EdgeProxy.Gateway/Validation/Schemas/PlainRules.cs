using EdgeProxy.Core.Json;

namespace EdgeProxy.Gateway.Validation.Schemas;

/// <summary>What of a schema is told by kind, length and bounds alone: which values it surely takes. It never says that it does not take one.</summary>
internal sealed class PlainRules
{
    private readonly int _kinds;
    private readonly int _least;
    private readonly int _most = -1;
    private readonly long _low = 1;
    private readonly long _high;

    /// <param name="plan">A schema that is compiled to its end.</param>
    public PlainRules(SchemaPlan plan)
    {
        if (plan.Shared is not null) return;
        _kinds = plan.Types;
        if (plan.Strings is not null) _kinds &= ~(1 << (int)JsonTokenKind.String);
        if (plan.Numbers is not null) _kinds &= ~((1 << (int)JsonTokenKind.Integer) | (1 << (int)JsonTokenKind.Number));
        if (plan.Arrays is not null) _kinds &= ~(1 << (int)JsonTokenKind.Array);
        if (plan.Objects is not null) _kinds &= ~(1 << (int)JsonTokenKind.Object);
        if (Takes(plan, JsonTokenKind.String) && plan.Strings is { Pattern: null, Format: StringFormat.None } strings)
        {
            _least = strings.MinLength;
            _most = strings.MaxLength;
        }

        if (!Takes(plan, JsonTokenKind.Integer) || plan.Numbers is not { MultipleOf: null } numbers) return;
        long low = long.MinValue;
        long high = long.MaxValue;
        if (numbers.Minimum?.TryLimit(1, out low) == false || numbers.Maximum?.TryLimit(-1, out high) == false) return;
        _low = low;
        _high = high;

        // A fraction is a number, which is more than a whole one.
        TakesFractions = Takes(plan, JsonTokenKind.Number);
    }

    /// <summary>Whether numbers with a fraction are taken where <see cref="TakesWhole"/> takes those around it.</summary>
    public bool TakesFractions { get; }

    /// <summary>Whether it takes every value of a kind.</summary>
    public bool TakesKind(JsonTokenKind kind) => (_kinds & (1 << (int)kind)) != 0;

    /// <summary>Whether it takes every text of so many characters.</summary>
    public bool TakesLength(int length) => length >= _least && length <= _most;

    /// <summary>Whether it takes a whole number.</summary>
    public bool TakesWhole(long number) => number >= _low && number <= _high;

    private static bool Takes(SchemaPlan plan, JsonTokenKind kind) => (plan.Types & (1 << (int)kind)) != 0;
}
