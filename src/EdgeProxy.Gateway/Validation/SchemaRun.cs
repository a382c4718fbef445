using System.Numerics;
using System.Runtime.CompilerServices;
using EdgeProxy.Core.Buffers;
using EdgeProxy.Core.Json;
using EdgeProxy.Gateway.Validation.Json;
using EdgeProxy.Gateway.Validation.Patterns;
using EdgeProxy.Gateway.Validation.Schemas;

namespace EdgeProxy.Gateway.Validation;

/// <summary>One body against one schema.</summary>
/// <remarks>
/// Stops at the first thing wrong, unless it explains: then it goes on and says all of it. What is tried inside <c>anyOf</c>,
/// <c>oneOf</c>, <c>allOf</c> and <c>not</c> is quiet, because not matching there is no mistake yet. Once <see cref="Stopped"/> is set every answer is
/// no, and only that reason counts.
/// </remarks>
internal ref struct SchemaRun
{
    private readonly SchemaValidator _validator;
    private readonly JsonView _view;
    private readonly Span<KnownName> _known;
    private readonly long _reading;
    private readonly bool _isAscii;
    private readonly bool _isExplaining;
    private long _steps;
    private int _depth;
    private int _quiet;
    private int _bits;
    private bool _hasMessages;
    private SchemaPlan? _failed;
    private int _failedAt;

    /// <param name="validator">Whose memory it uses.</param>
    /// <param name="view">The body.</param>
    /// <param name="known">Memory for names, as far as it reaches; what is in it may be of any reading.</param>
    /// <param name="steps">Most steps.</param>
    /// <param name="isExplaining">Whether to go on behind the first mistake and say all of them.</param>
    /// <param name="messages">Where to.</param>
    public SchemaRun(SchemaValidator validator, JsonView view, Span<KnownName> known, int steps, bool isExplaining, ByteWriter messages)
    {
        _validator = validator;
        _view = view;
        _known = known;
        _reading = validator.Tokens.Reading;
        _isAscii = validator.Tokens.IsAscii;
        _steps = steps;
        _isExplaining = isExplaining;
        Messages = messages;
    }

    /// <summary>What was said, when it explains.</summary>
    public ByteWriter Messages;

    /// <summary>Why the body was given up; <see cref="BodyVerdict.Valid"/> when it was not.</summary>
    public BodyVerdict Stopped;

    /// <summary>Whether a schema takes the value at a token.</summary>
    public bool Evaluate(SchemaPlan schema, int at)
    {
        if (--_steps < 0) return Stop(BodyVerdict.TooManySteps);
        ref readonly JsonToken token = ref _view.Tokens[at];
        if ((schema.Types & (1 << (int)token.Kind)) == 0) return FailType(schema, at);
        bool ok = true;
        switch (token.Kind)
        {
            case JsonTokenKind.String:
                if (schema.Strings is { } strings) ok = EvaluateString(schema, strings, at);
                break;
            case JsonTokenKind.Integer or JsonTokenKind.Number:
                if (schema.Numbers is { } numbers) ok = EvaluateNumber(schema, numbers, at);
                break;
            case JsonTokenKind.Array:
                if (schema.Arrays is { } arrays) ok = EvaluateArray(schema, arrays, at);
                break;
            case JsonTokenKind.Object:
                if (schema.Objects is { } objects) ok = EvaluateObject(schema, objects, at);
                break;
        }

        if (schema.Shared is { } shared && (ok || Explains)) ok &= EvaluateShared(schema, shared, at);
        return ok;
    }

    private readonly bool Explains => _isExplaining && _quiet == 0;

    private ReadOnlySpan<byte> TextOf(int at) => _view.Tokens[at].IsEscaped ? _validator.Unescape(_view.Raw(at)) : _view.Raw(at);

    private bool EvaluateString(SchemaPlan schema, StringRules rules, int at)
    {
        ReadOnlySpan<byte> text = TextOf(at);
        bool ok = true;

        // A code point is one to four bytes, which settles most texts without counting.
        if (text.Length > rules.MaxLength && CodePoints(at, text) is var most && most > rules.MaxLength)
        {
            if (Fail(schema, at)) return false;
            ok = false;
            SayLength(" is too long (length: "u8, ", maximum allowed: "u8, at, most, rules.MaxLength);
        }

        if (text.Length < (long)rules.MinLength * 4 && CodePoints(at, text) is var least && least < rules.MinLength)
        {
            if (Fail(schema, at)) return false;
            ok = false;
            SayLength(" is too short (length: "u8, ", required minimum: "u8, at, least, rules.MinLength);
        }

        if (rules.Pattern is { } pattern && !Finds(pattern, text))
        {
            if (Fail(schema, at)) return false;
            ok = false;
            SayPattern(pattern, at);
        }

        if (rules.Format != StringFormat.None && !StringFormats.Has(rules.Format, text))
        {
            if (Fail(schema, at)) return false;
            ok = false;
            SayFormat(rules.Format, at);
        }

        return ok;
    }

    // Escapes may be of other characters.
    private readonly int CodePoints(int at, ReadOnlySpan<byte> text) =>
        _isAscii && !_view.Tokens[at].IsEscaped ? text.Length : JsonText.CodePoints(text);

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
            SayBound(minimum, number, "lower than the required minimum (minimum: "u8, "greater than the required minimum "u8);
        }

        if (rules.Maximum is { } maximum && Compare(maximum, number, isSmall, small) is var high && (high < 0 || (high == 0 && maximum.IsExclusive)))
        {
            if (Fail(schema, at)) return false;
            ok = false;
            SayBound(maximum, number, "greater than the required maximum (maximum: "u8, "lower than the required maximum "u8);
        }

        if (rules.MultipleOf is { } divisor && !divisor.Divides(number))
        {
            if (Fail(schema, at)) return false;
            ok = false;
            SayDivisor(divisor, number);
        }

        return ok;
    }

    private static int Compare(NumberBound bound, ReadOnlySpan<byte> number, bool isSmall, long small) =>
        isSmall && bound.TryCompareTo(small, out int order) ? order : bound.CompareTo(number);

    private bool EvaluateArray(SchemaPlan schema, ArrayRules rules, int at)
    {
        JsonToken array = _view.Tokens[at];
        bool ok = true;
        if (array.Length < rules.MinItems)
        {
            if (Fail(schema, at)) return false;
            ok = false;
            SayCount("array is too short: must have at least "u8, rules.MinItems, " elements but instance has "u8, array.Length, " elements"u8);
        }

        if (array.Length > rules.MaxItems)
        {
            if (Fail(schema, at)) return false;
            ok = false;
            SayCount("array is too long: must have at most "u8, rules.MaxItems, " elements but instance has "u8, array.Length, " elements"u8);
        }

        if (rules.First.Length > 0 || rules.Rest is not null)
        {
            int index = 0;
            for (int item = at + 1; item < array.Next; item = _view.Tokens[item].Next, index++)
            {
                SchemaPlan? plan = index < rules.First.Length ? rules.First[index] : rules.Rest;
                if (plan is null) break;
                if (plan.TakesNothing && index >= rules.First.Length)
                {
                    if (Fail(schema, at)) return false;
                    ok = false;
                    SayCount("array is too long: must have at most "u8, rules.First.Length, " elements but instance has "u8, array.Length, " elements"u8);
                    break;
                }

                if (TakesAtOnce(plan, item)) _steps--;
                else if (Evaluate(plan, item, ref ok)) return false;
            }
        }

        if (rules.AreUnique && (ok || Explains) && !AreUnique(at))
        {
            if (Fail(schema, at)) return false;
            ok = false;
            Say("array must not contain duplicate elements"u8);
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
        JsonToken @object = _view.Tokens[at];
        bool ok = true;
        if (@object.Length > rules.MaxProperties && CountDistinct(at) is var many && many > rules.MaxProperties)
        {
            if (Fail(schema, at)) return false;
            ok = false;
            SayCount("object has too many properties (found "u8, many, " but schema requires at most "u8, rules.MaxProperties, ")"u8);
        }

        if (rules.MinProperties > 0 && CountUpTo(rules.MinProperties, at) is var found && found < rules.MinProperties)
        {
            if (Fail(schema, at)) return false;
            ok = false;
            SayCount("object has too few properties (found "u8, found, " but schema requires at least "u8, rules.MinProperties, ")"u8);
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
        ReadOnlySpan<JsonToken> tokens = _view.Tokens;
        Span<KnownName> names = _known;
        long reading = _reading;
        int end = tokens[at].Next;
        bool hasUnwanted = false;
        for (int name = at + 1; name < end; name = tokens[name + 1].Next)
        {
            bool isTaken = false;
            int first = tokens[name].Next;
            int number = (uint)first < (uint)names.Length && names[first].Reading == reading && names[first].Rules == rules.Id ? names[first].Number : Find(rules, name, first);
            if (number >= 0)
            {
                ulong bit = 1UL << (number & 63);
                ref ulong word = ref seen[number >> 6];
                if ((word & bit) != 0) return Stop(BodyVerdict.RepeatedName);
                word |= bit;
                if (rules.Properties[number] is { } property)
                {
                    isTaken = true;
                    if (TakesAtOnce(property, name + 1)) _steps--;
                    else if (Evaluate(property, name + 1, ref ok)) return FailMember(name, end);
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
            SayMissing(rules.Names, rules.Required, seen);
        }

        return rules.Dependencies.Length == 0 ? ok : EvaluateDependencies(schema, rules, at, ok, seen);
    }

    /// <summary>The number that the rules have for a name, or -1; kept for the same name further on.</summary>
    private int Find(ObjectRules rules, int name, int first)
    {
        int number = rules.Names.Find(TextOf(name));
        if ((uint)first < (uint)_known.Length) _known[first] = new KnownName { Reading = _reading, Rules = rules.Id, Number = number };
        return number;
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
        for (int other = _view.Tokens[name + 1].Next; other < end && !comesAgain && equality.Budget >= 0; other = _view.Tokens[other + 1].Next)
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
                SayDependency(rules.Names, dependency, seen);
            }

            if (dependency.Schema is { } plan && Evaluate(plan, at, ref ok)) return false;
        }

        return ok;
    }

    /// <summary>Members of different names, counted as far as needed to know that there are enough.</summary>
    private int CountUpTo(int wanted, int at)
    {
        int count = _view.Tokens[at].Length;
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
            SayEnum(choices, at);
        }

        if (rules.AllOf.Length > 0)
        {
            int matched = CountMatches(rules.AllOf, at, stopAtMiss: !Explains, stopAt: int.MaxValue);
            if (matched < rules.AllOf.Length)
            {
                if (Fail(schema, at)) return false;
                ok = false;
                SayCount("instance failed to match all required schemas (matched only "u8, matched, " out of "u8, rules.AllOf.Length, ")"u8);
            }
        }

        if (rules.AnyOf.Length > 0 && CountMatches(rules.AnyOf, at, stopAtMiss: false, stopAt: 1) == 0)
        {
            if (Fail(schema, at)) return false;
            ok = false;
            SayCount("instance failed to match at least one required schema among "u8, rules.AnyOf.Length, default, -1, default);
        }

        if (rules.OneOf.Length > 0 && CountMatches(rules.OneOf, at, stopAtMiss: false, stopAt: Explains ? int.MaxValue : 2) is var matches && matches != 1)
        {
            if (Fail(schema, at)) return false;
            ok = false;
            SayCount("instance failed to match exactly one schema (matched "u8, matches, " out of "u8, rules.OneOf.Length, ")"u8);
        }

        if (rules.Not is { } unwanted && CountMatch(unwanted, at))
        {
            if (Fail(schema, at)) return false;
            ok = false;
            Say("instance matched a schema which it should not have"u8);
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

    /// <summary>Whether a schema surely takes a value, told by kind, length and bounds; false where that does not settle it. The step is the caller's to count.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly bool TakesAtOnce(SchemaPlan plan, int at)
    {
        if (_steps <= 0 || _depth >= SchemaValidator.DeepestEvaluation) return false;
        PlainRules plain = plan.Plain;
        ref readonly JsonToken token = ref _view.Tokens[at];
        if (plain.TakesKind(token.Kind)) return true;

        // Of ASCII without escapes a byte is a character.
        return token.Kind == JsonTokenKind.String ? _isAscii && !token.IsEscaped && plain.TakesLength(token.Length)
            : token.Kind is JsonTokenKind.Integer or JsonTokenKind.Number && TakesNumber(plain, at);
    }

    private readonly bool TakesNumber(PlainRules plain, int at)
    {
        ReadOnlySpan<byte> number = _view.Raw(at);
        if (_view.Tokens[at].Kind == JsonTokenKind.Integer) return JsonNumber.TryReadSmall(number, out long small) && plain.TakesWhole(small);
        if (!plain.TakesFractions || !JsonNumber.TryReadSmallWhole(number, out long whole)) return false;

        // It lies between two whole numbers, or is one of them.
        if (number[0] == '-') whole--;
        return plain.TakesWhole(whole) && plain.TakesWhole(whole + 1);
    }

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
        if (_view.Tokens[at].Kind == JsonTokenKind.String) return choices.Strings.Find(TextOf(at)) >= 0;
        JsonEquality equality = _validator.Equality;
        equality.Budget = _steps;
        bool found = false;
        foreach (JsonTape choice in choices.Others)
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
        _failed = schema;
        _failedAt = at;
        return !_isExplaining;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool FailType(SchemaPlan schema, int at)
    {
        if (Fail(schema, at)) return false;
        Begin();
        Messages.Write("instance type ("u8);
        Messages.Write(NameOf(_view.Tokens[at].Kind));
        Messages.Write(") does not match any allowed primitive type (allowed: ["u8);

        // Alphabetical; what takes numbers takes whole ones.
        bool isFirst = true;
        foreach (JsonTokenKind kind in (ReadOnlySpan<JsonTokenKind>)[JsonTokenKind.Array, JsonTokenKind.True, JsonTokenKind.Integer, JsonTokenKind.Null, JsonTokenKind.Number, JsonTokenKind.Object, JsonTokenKind.String])
        {
            if ((schema.Types & (1 << (int)kind)) == 0) continue;
            Messages.Write(isFirst ? "\""u8 : ",\""u8);
            Messages.Write(NameOf(kind));
            Messages.Write((byte)'"');
            isFirst = false;
        }

        Messages.Write("])"u8);
        return false;
    }

    private static ReadOnlySpan<byte> NameOf(JsonTokenKind kind) => kind switch
    {
        JsonTokenKind.Null => "null"u8,
        JsonTokenKind.False or JsonTokenKind.True => "boolean"u8,
        JsonTokenKind.Integer => "integer"u8,
        JsonTokenKind.Number => "number"u8,
        JsonTokenKind.String => "string"u8,
        JsonTokenKind.Array => "array"u8,
        _ => "object"u8,
    };

    private void Begin()
    {
        if (_hasMessages) Messages.Write(", "u8);
        _hasMessages = true;
        if (_validator.Findings is { } findings && findings.Count < SchemaValidator.MostFindings)
        {
            findings.Add(new SchemaFinding(JsonPointer.Of(_view, _failedAt), _failed?.Place ?? "", Messages.Length));
        }
    }

    private void Say(ReadOnlySpan<byte> message)
    {
        Begin();
        Messages.Write(message);
    }

    private void SayCount(ReadOnlySpan<byte> before, long first, ReadOnlySpan<byte> between, long second, ReadOnlySpan<byte> after)
    {
        Begin();
        Messages.Write(before);
        Messages.Write(first);
        Messages.Write(between);
        if (second >= 0) Messages.Write(second);
        Messages.Write(after);
    }

    private void SayLength(ReadOnlySpan<byte> before, ReadOnlySpan<byte> between, int at, int length, int limit)
    {
        SayString(at);
        Messages.Write(before);
        Messages.Write(length);
        Messages.Write(between);
        Messages.Write(limit);
        Messages.Write((byte)')');
    }

    private void SayString(int at)
    {
        Begin();
        Messages.Write("string \""u8);
        Messages.Write(TextOf(at));
        Messages.Write((byte)'"');
    }

    private void SayPattern(TextPattern pattern, int at)
    {
        Begin();
        Messages.Write("ECMA 262 regex \""u8);
        Messages.Write(System.Text.Encoding.UTF8.GetBytes(pattern.Source));
        Messages.Write("\" does not match input string \""u8);
        Messages.Write(TextOf(at));
        Messages.Write((byte)'"');
    }

    private void SayFormat(StringFormat format, int at)
    {
        SayString(at);
        Messages.Write(format switch
        {
            StringFormat.DateTime => " is invalid against requested date format(s) [yyyy-MM-dd'T'HH:mm:ssZ, yyyy-MM-dd'T'HH:mm:ss.[0-9]{1,12}Z]"u8,
            StringFormat.Email => " is not a valid email address"u8,
            StringFormat.Hostname => " is not a valid hostname"u8,
            StringFormat.Ipv4 => " is not a valid IPv4 address"u8,
            StringFormat.Ipv6 => " is not a valid IPv6 address"u8,
            StringFormat.Uri => " is not a valid URI"u8,
            _ => " is not a valid ECMA 262 regular expression"u8,
        });
    }

    private void SayBound(NumberBound bound, ReadOnlySpan<byte> number, ReadOnlySpan<byte> beyond, ReadOnlySpan<byte> strictly)
    {
        Begin();
        Messages.Write("numeric value is "u8);
        if (bound.IsExclusive && bound.CompareTo(number) == 0)
        {
            Messages.Write("not strictly "u8);
            Messages.Write(strictly);
            Messages.Write(bound.Text);
            return;
        }

        Messages.Write(beyond);
        Messages.Write(bound.Text);
        Messages.Write(", found: "u8);
        Messages.Write(number);
        Messages.Write((byte)')');
    }

    private void SayDivisor(NumberDivisor divisor, ReadOnlySpan<byte> number)
    {
        Begin();
        Messages.Write("remainder of division is not zero ("u8);
        Messages.Write(number);
        Messages.Write(" / "u8);
        Messages.Write(divisor.Text);
        Messages.Write((byte)')');
    }

    private void SayUnwanted(ObjectRules rules, int at)
    {
        Begin();
        Messages.Write("object instance has properties which are not allowed by the schema: ["u8);
        bool isFirst = true;
        int end = _view.Tokens[at].Next;
        for (int name = at + 1; name < end; name = _view.Tokens[name + 1].Next)
        {
            int number = rules.Names.Find(TextOf(name));
            bool isTaken = number >= 0 && rules.Properties[number] is not null;
            foreach ((TextPattern pattern, _) in rules.Patterns) isTaken = isTaken || Finds(pattern, TextOf(name));
            if (isTaken) continue;
            Messages.Write(isFirst ? "\""u8 : ",\""u8);
            Messages.Write(_view.Raw(name));
            Messages.Write((byte)'"');
            isFirst = false;
        }

        Messages.Write((byte)']');
    }

    private void SayMissing(NameTable names, ReadOnlySpan<ulong> required, scoped ReadOnlySpan<ulong> seen)
    {
        Begin();
        Messages.Write("object has missing required properties (["u8);
        SayNames(names, required, seen, onlyMissing: true);
        Messages.Write("])"u8);
    }

    private void SayDependency(NameTable names, PropertyDependency dependency, scoped ReadOnlySpan<ulong> seen)
    {
        Begin();
        Messages.Write("property \""u8);
        Messages.Write(names[dependency.Name]);
        Messages.Write("\" of object has missing property dependencies (schema requires ["u8);
        SayNames(names, dependency.Required, seen, onlyMissing: false);
        Messages.Write("]; missing: ["u8);
        SayNames(names, dependency.Required, seen, onlyMissing: true);
        Messages.Write("])"u8);
    }

    // The compiler numbers names in alphabetical order.
    private void SayNames(NameTable names, ReadOnlySpan<ulong> wanted, scoped ReadOnlySpan<ulong> seen, bool onlyMissing)
    {
        bool isFirst = true;
        for (int number = 0; number < names.Count; number++)
        {
            ulong bit = 1UL << (number & 63);
            if ((wanted[number >> 6] & bit) == 0 || (onlyMissing && (seen[number >> 6] & bit) != 0)) continue;
            Messages.Write(isFirst ? "\""u8 : ",\""u8);
            Messages.Write(names[number]);
            Messages.Write((byte)'"');
            isFirst = false;
        }
    }

    private void SayEnum(EnumRule choices, int at)
    {
        JsonToken value = _view.Tokens[at];
        Begin();
        Messages.Write("instance value ("u8);
        if (value.Kind == JsonTokenKind.String) Messages.Write(_view.Text.Slice(value.Start - 1, value.Length + 2));
        else if (value.Kind >= JsonTokenKind.Array) Messages.Write(value.Kind == JsonTokenKind.Array ? "array"u8 : "object"u8);
        else Messages.Write(_view.Raw(at));
        Messages.Write(") not found in enum (possible values: "u8);
        Messages.Write(choices.Written);
        Messages.Write((byte)')');
    }
}
