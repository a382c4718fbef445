using System.Numerics;
using System.Runtime.CompilerServices;
using EdgeProxy.Core.Buffers;
using EdgeProxy.Gateway.Validation.Json;
using EdgeProxy.Gateway.Validation.Patterns;
using EdgeProxy.Gateway.Validation.Schemas;
using EdgeProxy.Templates.Json;

namespace EdgeProxy.Gateway.Validation;

/// <summary>One body against one schema.</summary>
/// <remarks>
/// Stops at the first thing wrong, unless it explains: then it goes on and says all of it. What is tried inside <c>anyOf</c>,
/// <c>oneOf</c>, <c>allOf</c> and <c>not</c> is quiet, because not matching there is no mistake yet. Once <see cref="Stopped"/> is set every answer is
/// no, and only that reason counts.
/// </remarks>
internal unsafe ref struct SchemaRun
{
    // Objects of a list that are told by their members only at a closer look, after which none is tried otherwise.
    private const int MostMisses = 2;

    private readonly SchemaValidator _validator;
    private readonly JsonView _view;
    private readonly JsonNode* _nodes;
    private readonly KnownName* _known;
    private readonly int _knownCount;
    private readonly int _firstKey;
    private readonly long _run;
    private readonly bool _isAscii;
    private readonly bool _isExplaining;
    private SchemaWords _words;
    private long _steps;
    private int _depth;
    private int _quiet;
    private int _bits;

    /// <param name="validator">Whose memory it uses.</param>
    /// <param name="tape">The body.</param>
    /// <param name="view">The same.</param>
    /// <param name="nodes">The same, pinned.</param>
    /// <param name="known">Memory for names, pinned; what is in it may be of any run before this one.</param>
    /// <param name="knownCount">How many there is room for.</param>
    /// <param name="steps">Most steps.</param>
    /// <param name="isExplaining">Whether to go on behind the first mistake and say all of them.</param>
    /// <param name="messages">Where to.</param>
    public SchemaRun(SchemaValidator validator, JsonTape tape, JsonView view, JsonNode* nodes, KnownName* known, int knownCount, int steps, bool isExplaining, ByteWriter messages)
    {
        _validator = validator;
        _view = view;
        _nodes = nodes;
        _known = known;
        _knownCount = knownCount;
        _firstKey = tape.FirstKey;
        _run = validator.Runs;
        _isAscii = tape.IsAscii;
        _steps = steps;
        _isExplaining = isExplaining;
        _words = new SchemaWords(validator, view, messages);
    }

    /// <summary>What was said, when it explains.</summary>
    public readonly ByteWriter Messages => _words.Messages;

    /// <summary>Why the body was given up; <see cref="BodyVerdict.Valid"/> when it was not.</summary>
    public BodyVerdict Stopped;

    /// <summary>Whether a schema takes the value at a node.</summary>
    public bool Evaluate(SchemaPlan schema, int at)
    {
        if (--_steps < 0) return Stop(BodyVerdict.TooManySteps);
        JsonNode* node = _nodes + at;
        if ((schema.Types & (1 << (int)node->Kind)) == 0) return FailType(schema, at);
        bool ok = true;
        switch (node->Kind)
        {
            case JsonKind.String:
                if (schema.Strings is { } strings) ok = EvaluateString(schema, strings, at);
                break;
            case JsonKind.Integer or JsonKind.Decimal:
                if (schema.Numbers is { } numbers) ok = EvaluateNumber(schema, numbers, at);
                break;
            case JsonKind.Array:
                if (schema.Arrays is { } arrays) ok = EvaluateArray(schema, arrays, at);
                break;
            case JsonKind.Object:
                if (schema.Objects is { } objects) ok = EvaluateObject(schema, objects, at);
                break;
        }

        if (schema.Shared is { } shared && (ok || Explains)) ok &= EvaluateShared(schema, shared, at);
        return ok;
    }

    private readonly bool Explains => _isExplaining && _quiet == 0;

    private readonly ReadOnlySpan<byte> TextOf(int at) => _validator.TextOf(_view, at);

    private bool EvaluateString(SchemaPlan schema, StringRules rules, int at)
    {
        ReadOnlySpan<byte> text = TextOf(at);
        bool ok = true;

        // A code point is one to four bytes, which settles most texts without counting.
        if (text.Length > rules.MaxLength && CodePoints(at, text) is var most && most > rules.MaxLength)
        {
            if (Fail(schema, at)) return false;
            ok = false;
            _words.SayLength(" is too long (length: "u8, ", maximum allowed: "u8, at, most, rules.MaxLength);
        }

        if (text.Length < (long)rules.MinLength * 4 && CodePoints(at, text) is var least && least < rules.MinLength)
        {
            if (Fail(schema, at)) return false;
            ok = false;
            _words.SayLength(" is too short (length: "u8, ", required minimum: "u8, at, least, rules.MinLength);
        }

        if (rules.Pattern is { } pattern && !Finds(pattern, text))
        {
            if (Fail(schema, at)) return false;
            ok = false;
            _words.SayPattern(pattern, at);
        }

        if (rules.Format != StringFormat.None && !StringFormats.Has(rules.Format, text))
        {
            if (Fail(schema, at)) return false;
            ok = false;
            _words.SayFormat(rules.Format, at);
        }

        return ok;
    }

    // Escapes may be of other characters.
    private readonly int CodePoints(int at, ReadOnlySpan<byte> text) =>
        _isAscii && !_view.Nodes[at].IsEscaped ? text.Length : JsonText.CodePoints(text);

    private bool Finds(TextPattern pattern, ReadOnlySpan<byte> text)
    {
        _steps -= text.Length >> 6;
        bool timedOut = false;
        bool found = pattern.IsFoundIn(text, _validator.Patterns, ref timedOut);
        return timedOut ? Stop(BodyVerdict.PatternTimedOut) : found;
    }

    private bool EvaluateNumber(SchemaPlan schema, NumberRules rules, int at)
    {
        ReadOnlySpan<byte> number = _view.Raw(at);
        bool isSmall = JsonNumber.TryReadSmall(number, out long small);
        bool ok = true;
        if (rules.Minimum is { } minimum && Compare(minimum, number, isSmall, small) is var low && (low > 0 || (low == 0 && minimum.IsExclusive)))
        {
            if (Fail(schema, at)) return false;
            ok = false;
            _words.SayBound(minimum, number, "lower than the required minimum (minimum: "u8, "greater than the required minimum "u8);
        }

        if (rules.Maximum is { } maximum && Compare(maximum, number, isSmall, small) is var high && (high < 0 || (high == 0 && maximum.IsExclusive)))
        {
            if (Fail(schema, at)) return false;
            ok = false;
            _words.SayBound(maximum, number, "greater than the required maximum (maximum: "u8, "lower than the required maximum "u8);
        }

        if (rules.MultipleOf is { } divisor && !divisor.Divides(number))
        {
            if (Fail(schema, at)) return false;
            ok = false;
            _words.SayDivisor(divisor, number);
        }

        return ok;
    }

    private static int Compare(NumberBound bound, ReadOnlySpan<byte> number, bool isSmall, long small) =>
        isSmall && bound.TryCompareTo(small, out int order) ? order : bound.CompareTo(number);

    private bool EvaluateArray(SchemaPlan schema, ArrayRules rules, int at)
    {
        JsonNode array = _view.Nodes[at];
        int count = array.Offset;
        bool ok = true;
        if (count < rules.MinItems)
        {
            if (Fail(schema, at)) return false;
            ok = false;
            _words.SayCount("array is too short: must have at least "u8, rules.MinItems, " elements but instance has "u8, count, " elements"u8);
        }

        if (count > rules.MaxItems)
        {
            if (Fail(schema, at)) return false;
            ok = false;
            _words.SayCount("array is too long: must have at most "u8, rules.MaxItems, " elements but instance has "u8, count, " elements"u8);
        }

        if (rules.First.Length > 0 || rules.Rest is not null)
        {
            int index = 0;
            int misses = 0;
            for (int item = at + 1; item < array.Next; item = After(item), index++)
            {
                SchemaPlan? plan = index < rules.First.Length ? rules.First[index] : rules.Rest;
                if (plan is null) break;
                if (plan.TakesNothing && index >= rules.First.Length)
                {
                    if (Fail(schema, at)) return false;
                    ok = false;
                    _words.SayCount("array is too long: must have at most "u8, rules.First.Length, " elements but instance has "u8, count, " elements"u8);
                    break;
                }

                PlainRules plain = plan.Plain;
                if (MayGlance && plain.Glance.Takes(_nodes + item, _isAscii))
                {
                    _steps--;
                    continue;
                }

                // Objects of a list are mostly alike in this, too.
                if (misses < MostMisses && plain.Members is { } members)
                {
                    if (TakesMembers(members, item)) continue;
                    misses++;
                }

                if (Evaluate(plan, item, ref ok)) return false;
            }
        }

        if (rules.AreUnique && (ok || Explains) && !AreUnique(at))
        {
            if (Fail(schema, at)) return false;
            ok = false;
            _words.Say("array must not contain duplicate elements"u8);
        }

        return ok;
    }

    private bool AreUnique(int array)
    {
        JsonEquality equality = _validator.Equality;
        equality.Budget = _steps;
        bool unique = equality.AreUnique(_view, array);
        _steps = equality.Budget;
        return _steps < 0 ? Stop(BodyVerdict.TooManySteps) : unique;
    }

    private bool EvaluateObject(SchemaPlan schema, ObjectRules rules, int at)
    {
        int count = _nodes[at].Offset;
        bool ok = true;
        if (count > rules.MaxProperties && CountDistinct(at) is var many && many > rules.MaxProperties)
        {
            if (Fail(schema, at)) return false;
            ok = false;
            _words.SayCount("object has too many properties (found "u8, many, " but schema requires at most "u8, rules.MaxProperties, ")"u8);
        }

        if (rules.MinProperties > 0 && CountUpTo(rules.MinProperties, at) is var found && found < rules.MinProperties)
        {
            if (Fail(schema, at)) return false;
            ok = false;
            _words.SayCount("object has too few properties (found "u8, found, " but schema requires at least "u8, rules.MinProperties, ")"u8);
        }

        if (!rules.LooksAtMembers) return ok;
        int words = rules.Required.Length;
        return words <= 2 ? EvaluateMembers(schema, rules, at, ok, stackalloc ulong[2]) : EvaluateMembersOfMany(schema, rules, at, ok, words);
    }

    private bool EvaluateMembersOfMany(SchemaPlan schema, ObjectRules rules, int at, bool ok, int words)
    {
        int start = _bits;
        _bits += words;
        if (_validator.Bits.Length < _bits)
        {
            // Spans over the smaller array, further up, keep it.
            ulong[] larger = new ulong[BitOperations.RoundUpToPowerOf2((uint)_bits)];
            _validator.Bits = larger;
        }

        Span<ulong> seen = _validator.Bits.AsSpan(start, words);
        seen.Clear();
        ok = EvaluateMembers(schema, rules, at, ok, seen);
        _bits = start;
        return ok;
    }

    private bool EvaluateMembers(SchemaPlan schema, ObjectRules rules, int at, bool ok, scoped Span<ulong> seen)
    {
        int end = _nodes[at].Next;
        bool hasUnwanted = false;
        bool isPlain = rules.Patterns.Length == 0 && rules.Names.Count <= 64;
        for (int name = at + 1; name < end; name = After(name + 1))
        {
            if (isPlain)
            {
                name = SkipTaken(rules, at, name, ref seen[0]);
                if (name == end) break;
            }

            bool isTaken = false;
            int number = Find(rules, name);
            if (number >= 0)
            {
                ulong bit = 1UL << (number & 63);
                ref ulong word = ref seen[number >> 6];
                if ((word & bit) != 0) return Stop(BodyVerdict.RepeatedName);
                word |= bit;
                if (rules.Properties[number] is { } property)
                {
                    isTaken = true;
                    PlainRules plain = property.Plain;
                    if (MayGlance && plain.Glance.Takes(_nodes + name + 1, _isAscii)) _steps--;
                    else if ((plain.Members is not { } members || !TakesMembers(members, name + 1)) && Evaluate(property, name + 1, ref ok)) return FailMember(name, end);
                }
            }

            foreach ((TextPattern pattern, SchemaPlan taker) in rules.Patterns)
            {
                if (!Finds(pattern, TextOf(name))) continue;
                isTaken = true;
                if (Evaluate(taker, name + 1, ref ok)) return FailMember(name, end);
            }

            if (isTaken || rules.Additional is not { } additional) continue;
            if (!additional.TakesNothing)
            {
                if (Evaluate(additional, name + 1, ref ok)) return FailMember(name, end);
                continue;
            }

            if (Fail(schema, at)) return false;
            ok = false;
            hasUnwanted = true;
        }

        if (hasUnwanted)
        {
            // Others may have failed in between.
            Fail(schema, at);
            SayUnwanted(rules, at);
        }

        if (!Contains(seen, rules.Required))
        {
            if (Fail(schema, at)) return false;
            ok = false;
            _words.SayMissing(rules.Names, rules.Required, seen);
        }

        return rules.Dependencies.Length == 0 ? ok : EvaluateDependencies(schema, rules, at, ok, seen);
    }

    /// <summary>Goes over members whose names are known and whose values are told at a glance, up to the first that is not so.</summary>
    /// <remarks>By pointers, into nodes and names that are pinned: a node's place is one that the reader gave it, a name's is looked at. SchemaBenchmarks.ValidateBody60Keywords.</remarks>
    private int SkipTaken(ObjectRules rules, int at, int first, ref ulong seen)
    {
        JsonNode* nodes = _nodes;
        if (_steps <= nodes[at].Offset || !MayGlance) return first;
        JsonNode* name = nodes + first;
        JsonNode* end = nodes + nodes[at].Next;
        KnownName* names = _known;
        uint count = (uint)_knownCount;
        int firstKey = _firstKey;
        int id = rules.Id;
        bool isAscii = _isAscii;
        ulong bits = seen;
        int steps = 0;
        while (name < end)
        {
            uint number = (uint)(name->Start - firstKey);
            if (number >= count) break;
            KnownName* known = names + number;
            if (known->Rules != id || (bits & known->Bit) != 0 || (known->Run != _run && !TryKeep(known, rules, name))) break;
            JsonNode* value = name + 1;
            if (!known->Glance.Takes(value, isAscii)) break;
            bits |= known->Bit;
            steps += known->Steps;
            name = value->Kind >= JsonKind.Array ? nodes + value->Next : value + 1;
        }

        seen = bits;
        _steps -= steps;
        return (int)(name - nodes);
    }

    /// <summary>The number that the rules have for a name, or -1; what is known of it is kept for the same name further on.</summary>
    private readonly int Find(ObjectRules rules, int name)
    {
        uint place = (uint)(_nodes[name].Start - _firstKey);
        KnownName* known = place < (uint)_knownCount ? _known + place : null;
        if (known != null && known->Rules == rules.Id && (known->Run == _run || TryKeep(known, rules, _nodes + name))) return known->Number;
        int number = rules.Names.Find(TextOf(name));
        if (known == null) return number;

        // What takes the value; nothing takes it when patterns may, too.
        SchemaPlan? plan = (number >= 0 ? rules.Properties[number] : null) ?? rules.Additional;
        *known = new KnownName
        {
            Run = _run,
            Rules = rules.Id,
            Number = number,
            Bit = number >= 0 ? 1UL << (number & 63) : 0,
            Steps = plan is null ? 0 : 1,
            Glance = plan is null ? Glance.Anything : plan.Plain.Glance,
        };
        return number;
    }

    /// <summary>Makes what is known of a body before this one hold for this one, where the same name stands at the same place.</summary>
    private readonly bool TryKeep(KnownName* known, ObjectRules rules, JsonNode* name)
    {
        if (known->Number < 0 || name->IsEscaped || !_view.Raw((int)(name - _nodes)).SequenceEqual(rules.Names[known->Number])) return false;
        known->Run = _run;
        return true;
    }

    /// <summary>Whether an object is surely taken, told by its members; the steps are counted then.</summary>
    private bool TakesMembers(ObjectRules rules, int at)
    {
        if (_nodes[at].Kind != JsonKind.Object || _depth + 1 >= SchemaValidator.DeepestEvaluation) return false;
        long steps = _steps;
        ulong seen = 0;
        if (SkipTaken(rules, at, at + 1, ref seen) == _nodes[at].Next && _steps > 0 && (rules.Required.Length == 0 || (rules.Required[0] & ~seen) == 0))
        {
            _steps--;
            return true;
        }

        _steps = steps;
        return false;
    }

    /// <summary>
    /// Gives up an object for one of its members. Inside <c>not</c> and its like that may let the body pass, so that the member must not come
    /// again with a value that another reader would take instead.
    /// </summary>
    private bool FailMember(int name, int end)
    {
        if (_quiet == 0 || Stopped != BodyVerdict.Valid) return false;
        JsonEquality equality = _validator.Equality;
        equality.Budget = _steps;
        bool comesAgain = false;
        for (int other = _view.After(name + 1); other < end && !comesAgain && equality.Budget >= 0; other = _view.After(other + 1))
        {
            comesAgain = equality.AreSameText(_view, name, _view, other);
        }

        _steps = equality.Budget;
        if (comesAgain) return Stop(BodyVerdict.RepeatedName);
        return _steps < 0 && Stop(BodyVerdict.TooManySteps);
    }

    private bool EvaluateDependencies(SchemaPlan schema, ObjectRules rules, int at, bool ok, scoped ReadOnlySpan<ulong> seen)
    {
        foreach (PropertyDependency dependency in rules.Dependencies)
        {
            if ((seen[dependency.Name >> 6] & (1UL << (dependency.Name & 63))) == 0) continue;
            if (!Contains(seen, dependency.Required))
            {
                if (Fail(schema, at)) return false;
                ok = false;
                _words.SayDependency(rules.Names, dependency, seen);
            }

            if (dependency.Schema is { } plan && Evaluate(plan, at, ref ok)) return false;
        }

        return ok;
    }

    /// <summary>Members of different names, counted as far as needed to know that there are enough.</summary>
    private int CountUpTo(int wanted, int at)
    {
        int count = _nodes[at].Offset;
        return count < wanted || wanted == 1 ? count : CountDistinct(at);
    }

    private int CountDistinct(int at)
    {
        JsonEquality equality = _validator.Equality;
        equality.Budget = _steps;
        int count = equality.CountDistinct(_view, at);
        _steps = equality.Budget;
        if (_steps < 0) Stop(BodyVerdict.TooManySteps);
        return count;
    }

    private bool EvaluateShared(SchemaPlan schema, SharedRules rules, int at)
    {
        bool ok = true;
        if (rules.Enum is { } choices && !IsOneOf(choices, at))
        {
            if (Fail(schema, at)) return false;
            ok = false;
            _words.SayEnum(choices, at);
        }

        if (rules.AllOf.Length > 0)
        {
            int matched = CountMatches(rules.AllOf, at, stopAtMiss: !Explains, stopAt: int.MaxValue);
            if (matched < rules.AllOf.Length)
            {
                if (Fail(schema, at)) return false;
                ok = false;
                _words.SayCount("instance failed to match all required schemas (matched only "u8, matched, " out of "u8, rules.AllOf.Length, ")"u8);
            }
        }

        if (rules.AnyOf.Length > 0 && CountMatches(rules.AnyOf, at, stopAtMiss: false, stopAt: 1) == 0)
        {
            if (Fail(schema, at)) return false;
            ok = false;
            _words.SayCount("instance failed to match at least one required schema among "u8, rules.AnyOf.Length, default, -1, default);
        }

        if (rules.OneOf.Length > 0 && CountMatches(rules.OneOf, at, stopAtMiss: false, stopAt: Explains ? int.MaxValue : 2) is var matches && matches != 1)
        {
            if (Fail(schema, at)) return false;
            ok = false;
            _words.SayCount("instance failed to match exactly one schema (matched "u8, matches, " out of "u8, rules.OneOf.Length, ")"u8);
        }

        if (rules.Not is { } unwanted && CountMatch(unwanted, at))
        {
            if (Fail(schema, at)) return false;
            ok = false;
            _words.Say("instance matched a schema which it should not have"u8);
        }

        return ok;
    }

    private int CountMatches(SchemaPlan[] plans, int at, bool stopAtMiss, int stopAt)
    {
        int matches = 0;
        foreach (SchemaPlan plan in plans)
        {
            if (CountMatch(plan, at))
            {
                if (++matches == stopAt) break;
            }
            else if (stopAtMiss || Stopped != BodyVerdict.Valid)
            {
                break;
            }
        }

        return matches;
    }

    private bool CountMatch(SchemaPlan plan, int at)
    {
        if (_depth >= SchemaValidator.DeepestEvaluation) return Stop(BodyVerdict.TooDeep);
        _depth++;
        _quiet++;
        bool matches = Evaluate(plan, at);
        _quiet--;
        _depth--;
        return matches;
    }

    /// <summary>Whether values may be told at a glance; the step is the caller's to count.</summary>
    private readonly bool MayGlance
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _steps > 0 && _depth < SchemaValidator.DeepestEvaluation;
    }

    /// <summary>The node behind a value and all in it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly int After(int at) => _nodes[at].Kind >= JsonKind.Array ? _nodes[at].Next : at + 1;

    /// <summary>Evaluates a value further down; true when the caller has to return false at once.</summary>
    private bool Evaluate(SchemaPlan plan, int at, ref bool ok)
    {
        if (_depth >= SchemaValidator.DeepestEvaluation) return !Stop(BodyVerdict.TooDeep);
        _depth++;
        bool matches = Evaluate(plan, at);
        _depth--;
        ok &= matches;
        return !matches && !Explains;
    }

    private bool IsOneOf(EnumRule choices, int at)
    {
        if (_view.Nodes[at].Kind == JsonKind.String) return choices.Strings.Find(TextOf(at)) >= 0;
        JsonEquality equality = _validator.Equality;
        equality.Budget = _steps;
        bool found = false;
        foreach (KnownValue choice in choices.Others)
        {
            found = equality.AreEqual(choice.View, 0, _view, at);
            if (found) break;
        }

        _steps = equality.Budget;
        return _steps < 0 ? Stop(BodyVerdict.TooManySteps) : found;
    }

    private static bool Contains(ReadOnlySpan<ulong> seen, ReadOnlySpan<ulong> wanted)
    {
        for (int i = 0; i < wanted.Length; i++)
        {
            if ((wanted[i] & ~seen[i]) != 0) return false;
        }

        return true;
    }

    private bool Stop(BodyVerdict reason)
    {
        if (Stopped == BodyVerdict.Valid) Stopped = reason;
        _steps = -1;
        return false;
    }

    /// <summary>Notes that a schema refuses; true when the caller is to return false at once, because nobody wants to hear more.</summary>
    private bool Fail(SchemaPlan schema, int at)
    {
        if (_quiet > 0) return true;
        _validator.RefusedBy ??= schema;
        _words.Blame(schema, at);
        return !_isExplaining;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool FailType(SchemaPlan schema, int at)
    {
        if (!Fail(schema, at)) _words.SayType(schema, at);
        return false;
    }

    private void SayUnwanted(ObjectRules rules, int at)
    {
        _words.BeginUnwanted();
        bool isFirst = true;
        int end = _view.Nodes[at].Next;
        for (int name = at + 1; name < end; name = _view.After(name + 1))
        {
            int number = rules.Names.Find(TextOf(name));
            bool isTaken = number >= 0 && rules.Properties[number] is not null;
            foreach ((TextPattern pattern, _) in rules.Patterns) isTaken = isTaken || Finds(pattern, TextOf(name));
            if (isTaken) continue;
            _words.SayUnwanted(name, isFirst);
            isFirst = false;
        }

        _words.EndUnwanted();
    }
}
