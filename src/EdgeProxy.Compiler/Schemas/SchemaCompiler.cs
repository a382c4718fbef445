using System.Globalization;
using System.Text;
using EdgeProxy.Compiler.Patterns;
using EdgeProxy.Gateway.Validation.Json;
using EdgeProxy.Gateway.Validation.Patterns;
using EdgeProxy.Gateway.Validation.Schemas;
using EdgeProxy.Templates.Json;

namespace EdgeProxy.Compiler.Schemas;

/// <summary>Compiles JSON schemas of draft 4 into plans, each schema once, however often it is referred to.</summary>
/// <remarks>
/// Beyond draft 4 it takes what OpenAPI 3.1 documents write: <c>exclusiveMinimum</c> and <c>exclusiveMaximum</c> as numbers, and <c>true</c> and
/// <c>false</c> for schemas. Schemas wait in a queue to be filled, so that no chain of references makes it recurse.
/// </remarks>
/// <param name="resources">All that references may lead to.</param>
internal sealed class SchemaCompiler(SchemaResources resources)
{
    private const int LongestChain = 1000;

    private readonly Dictionary<JsonValue, SchemaPlan> _plans = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<SchemaPlan, JsonValue> _sources = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<SchemaPlan, List<SchemaPlan>> _inPlace = new(ReferenceEqualityComparer.Instance);
    private readonly Queue<(JsonValue Schema, SchemaPlan Plan)> _open = new();
    private readonly PatternCompiler _patterns = new();
    private readonly SchemaPlan _nothing = new() { Types = 0 };
    private List<SchemaProblem> _problems = [];

    /// <summary>Compiles a schema and all it refers to.</summary>
    /// <param name="schema">A value of one of the resources.</param>
    /// <param name="problems">Gets what is wrong, also where an earlier call has met it; the plan is to be thrown away then.</param>
    public SchemaPlan Compile(JsonValue schema, List<SchemaProblem> problems)
    {
        _problems = problems;
        SchemaPlan plan = PlanOf(schema);
        while (_open.TryDequeue(out (JsonValue Schema, SchemaPlan Plan) next)) Fill(next.Schema, next.Plan);
        if (problems.Count == 0) FindLoops(plan);
        return plan;
    }

    private void Wrong(JsonValue at, string message) => _problems.Add(new SchemaProblem(at, message));

    private SchemaPlan PlanOf(JsonValue schema)
    {
        JsonValue at = schema;
        for (int step = 0; step < LongestChain; step++)
        {
            if (_plans.TryGetValue(at, out SchemaPlan? known)) return known;
            if (at.IsTrue) return SchemaPlan.Anything;
            if (at.IsFalse) return _nothing;
            if (!at.IsObject)
            {
                Wrong(at, $"A schema is {at.Described}; it must be an object.");
                return SchemaPlan.Anything;
            }

            if (at.Find("$ref") is not { } reference) return Open(at);
            if (!reference.IsString)
            {
                Wrong(reference, $"$ref is {reference.Described}; it must be text such as \"#/definitions/Pet\".");
                return SchemaPlan.Anything;
            }

            if (resources.Resolve(at, reference.Text, out string? fault) is not { } target)
            {
                Wrong(reference, fault + ".");
                return SchemaPlan.Anything;
            }

            at = target;
        }

        Wrong(schema, "This $ref leads back to itself. Write what it means in one of the places.");
        return SchemaPlan.Anything;
    }

    private SchemaPlan Open(JsonValue schema)
    {
        var plan = new SchemaPlan { Place = "#" + schema.Pointer };
        _plans[schema] = plan;
        _sources[plan] = schema;
        _open.Enqueue((schema, plan));
        return plan;
    }

    private void Fill(JsonValue schema, SchemaPlan plan)
    {
        if (schema.Find("type") is { } type) plan.Types = Types(type);
        plan.Strings = Strings(schema);
        plan.Numbers = Numbers(schema);
        plan.Arrays = Arrays(schema);
        plan.Objects = Objects(schema, plan);
        plan.Shared = Shared(schema, plan);
    }

    private int Types(JsonValue type)
    {
        if (type.IsString) return TypeOf(type);
        if (!type.IsArray || type.Items.Count == 0 || !type.Items.All(static item => item.IsString))
        {
            Wrong(type, $"type is {type.Described}; it must be the name of a type, or a list of such names.");
            return SchemaPlan.AnyType;
        }

        return type.Items.Aggregate(0, (types, item) => types | TypeOf(item));
    }

    private int TypeOf(JsonValue name)
    {
        switch (name.Text)
        {
            case "null": return Bit(JsonKind.Null);
            case "boolean": return Bit(JsonKind.False) | Bit(JsonKind.True);
            case "integer": return Bit(JsonKind.Integer);
            case "number": return Bit(JsonKind.Integer) | Bit(JsonKind.Decimal);
            case "string": return Bit(JsonKind.String);
            case "array": return Bit(JsonKind.Array);
            case "object": return Bit(JsonKind.Object);
            default:
                Wrong(name, $"There is no type \"{name.Text}\". The types are array, boolean, integer, null, number, object and string.");
                return SchemaPlan.AnyType;
        }
    }

    private static int Bit(JsonKind kind) => 1 << (int)kind;

    private StringRules? Strings(JsonValue schema)
    {
        int least = Count(schema, "minLength", 0);
        int most = Count(schema, "maxLength", int.MaxValue);
        TextPattern? pattern = schema.Find("pattern") is { } written ? Pattern(written) : null;
        StringFormat format = schema.Find("format") is { } named ? Format(named) : StringFormat.None;
        return least == 0 && most == int.MaxValue && pattern is null && format == StringFormat.None
            ? null
            : new StringRules { MinLength = least, MaxLength = most, Pattern = pattern, Format = format };
    }

    private TextPattern? Pattern(JsonValue written)
    {
        if (written.IsString) return Pattern(written, written.Text);
        Wrong(written, $"pattern is {written.Described}; it must be a regular expression.");
        return null;
    }

    private TextPattern? Pattern(JsonValue at, string source)
    {
        TextPattern? pattern = _patterns.Compile(source, out string? fault);
        if (pattern is null) Wrong(at, $"The pattern \"{source}\" cannot be used: {fault}. Write a regular expression of ECMA 262.");
        return pattern;
    }

    private StringFormat Format(JsonValue named)
    {
        if (!named.IsString) Wrong(named, $"format is {named.Described}; it must be the name of a format.");
        return named.Text switch
        {
            "date-time" => StringFormat.DateTime,
            "email" => StringFormat.Email,
            "hostname" => StringFormat.Hostname,
            "ipv4" => StringFormat.Ipv4,
            "ipv6" => StringFormat.Ipv6,
            "uri" => StringFormat.Uri,
            "regex" => StringFormat.Regex,
            _ => StringFormat.None,
        };
    }

    private NumberRules? Numbers(JsonValue schema)
    {
        NumberBound? minimum = Bound(schema, "minimum", "exclusiveMinimum", isLower: true);
        NumberBound? maximum = Bound(schema, "maximum", "exclusiveMaximum", isLower: false);
        NumberDivisor? divisor = schema.Find("multipleOf") is { } written ? Divisor(written) : null;
        return minimum is null && maximum is null && divisor is null ? null : new NumberRules { Minimum = minimum, Maximum = maximum, MultipleOf = divisor };
    }

    private NumberBound? Bound(JsonValue schema, string keyword, string exclusive, bool isLower)
    {
        JsonValue? bound = schema.Find(keyword);
        JsonValue? flag = schema.Find(exclusive);
        if (bound is { IsNumber: false })
        {
            Wrong(bound, $"{keyword} is {bound.Described}; it must be a number.");
            return null;
        }

        if (flag is { IsNumber: true })
        {
            // Two bounds on one side: the one that leaves less.
            if (bound is not null)
            {
                int order = JsonNumber.Compare(new JsonNumber(bound.Raw), new JsonNumber(flag.Raw));
                if (isLower ? order > 0 : order < 0) return new NumberBound(bound.Raw, isExclusive: false);
            }

            return new NumberBound(flag.Raw, isExclusive: true);
        }

        if (flag is { IsTrue: false, IsFalse: false }) Wrong(flag, $"{exclusive} is {flag.Described}; it must be true or false.");
        return bound is null ? null : new NumberBound(bound.Raw, flag is { IsTrue: true });
    }

    private NumberDivisor? Divisor(JsonValue written)
    {
        if (!written.IsNumber)
        {
            Wrong(written, $"multipleOf is {written.Described}; it must be a number.");
            return null;
        }

        var number = new JsonNumber(written.Raw);
        if (number.Digits == 0 || number.IsNegative)
        {
            Wrong(written, "multipleOf must be greater than 0.");
            return null;
        }

        if (number.Digits > NumberDivisor.MostDigits)
        {
            _problems.Add(new SchemaProblem(written, string.Create(CultureInfo.InvariantCulture, $"multipleOf has more than {NumberDivisor.MostDigits} digits. Write a shorter number."), IsUnsupported: true));
            return null;
        }

        return new NumberDivisor(written.Raw);
    }

    private ArrayRules? Arrays(JsonValue schema)
    {
        int least = Count(schema, "minItems", 0);
        int most = Count(schema, "maxItems", int.MaxValue);
        bool unique = Flag(schema, "uniqueItems");
        JsonValue? items = schema.Find("items");
        SchemaPlan[] first = [];
        SchemaPlan? rest = null;
        if (items is { IsArray: true })
        {
            first = [.. items.Items.Select(PlanOf)];
            if (schema.Find("additionalItems") is { } additional) rest = Rest(additional);
        }
        else if (items is not null)
        {
            rest = Rest(items);
        }

        return least == 0 && most == int.MaxValue && !unique && first.Length == 0 && rest is null
            ? null
            : new ArrayRules { MinItems = least, MaxItems = most, AreUnique = unique, First = first, Rest = rest };
    }

    // Null for what takes everything.
    private SchemaPlan? Rest(JsonValue schema) => schema.IsTrue || schema is { IsObject: true, Members.Count: 0 } ? null : PlanOf(schema);

    private ObjectRules? Objects(JsonValue schema, SchemaPlan plan)
    {
        int least = Count(schema, "minProperties", 0);
        int most = Count(schema, "maxProperties", int.MaxValue);
        IReadOnlyDictionary<string, JsonValue> properties = MembersOf(schema, "properties");
        IReadOnlyDictionary<string, JsonValue> dependencies = MembersOf(schema, "dependencies");
        string[] required = schema.Find("required") is { } list ? Names(list, "required") : [];
        (TextPattern, SchemaPlan)[] patterns = [.. PatternProperties(schema)];
        SchemaPlan? additional = schema.Find("additionalProperties") is { } others ? Rest(others) : null;

        var names = new SortedSet<string>(properties.Keys.Concat(required).Concat(dependencies.Keys), StringComparer.Ordinal);
        foreach (JsonValue dependency in dependencies.Values.Where(static value => value.IsArray)) names.UnionWith(Names(dependency, "dependencies"));
        string[] table = [.. names];
        bool looksAtMembers = table.Length > 0 || patterns.Length > 0 || additional is not null;
        if (least == 0 && most == int.MaxValue && !looksAtMembers) return null;

        int words = Math.Max(1, (table.Length + 63) / 64);
        return new ObjectRules
        {
            MinProperties = least,
            MaxProperties = most,
            Names = new NameTable([.. table.Select(Encoding.UTF8.GetBytes)]),
            Properties = [.. table.Select(name => properties.TryGetValue(name, out JsonValue? property) ? PlanOf(property) : null)],
            Required = Bits(required, table, words),
            Dependencies = [.. dependencies.Keys.Select(name => Dependency(name, dependencies[name], table, words, plan))],
            Patterns = patterns,
            Additional = additional,
            LooksAtMembers = looksAtMembers,
        };
    }

    private IEnumerable<(TextPattern, SchemaPlan)> PatternProperties(JsonValue schema)
    {
        foreach ((string source, JsonValue value) in MembersOf(schema, "patternProperties"))
        {
            SchemaPlan plan = PlanOf(value);
            if (Pattern(value, source) is { } pattern) yield return (pattern, plan);
        }
    }

    private PropertyDependency Dependency(string name, JsonValue value, string[] table, int words, SchemaPlan plan)
    {
        int number = Array.BinarySearch(table, name, StringComparer.Ordinal);
        if (value.IsArray) return new PropertyDependency(number, Bits(Names(value, "dependencies"), table, words), null);
        SchemaPlan schema = PlanOf(value);
        AddInPlace(plan, schema);
        return new PropertyDependency(number, [], schema);
    }

    private static ulong[] Bits(IEnumerable<string> names, string[] table, int words)
    {
        var bits = new ulong[words];
        foreach (string name in names)
        {
            int number = Array.BinarySearch(table, name, StringComparer.Ordinal);
            bits[number >> 6] |= 1UL << (number & 63);
        }

        return bits;
    }

    private SharedRules? Shared(JsonValue schema, SchemaPlan plan)
    {
        EnumRule? choices = schema.Find("enum") is { } list ? Enum(list) : null;
        SchemaPlan[] all = Several(schema, "allOf", plan);
        SchemaPlan[] any = Several(schema, "anyOf", plan);
        SchemaPlan[] one = Several(schema, "oneOf", plan);
        SchemaPlan? not = schema.Find("not") is { } unwanted ? PlanOf(unwanted) : null;
        if (not is not null) AddInPlace(plan, not);
        return choices is null && all.Length == 0 && any.Length == 0 && one.Length == 0 && not is null
            ? null
            : new SharedRules { Enum = choices, AllOf = all, AnyOf = any, OneOf = one, Not = not };
    }

    private EnumRule? Enum(JsonValue list)
    {
        if (!list.IsArray || list.Items.Count == 0)
        {
            Wrong(list, $"enum is {(list.IsArray ? "an empty list" : list.Described)}; it must be a list of values.");
            return null;
        }

        return new EnumRule(
            new NameTable([.. list.Items.Where(static item => item.IsString).Select(static item => item.Text).Distinct(StringComparer.Ordinal).Select(Encoding.UTF8.GetBytes)]),
            [.. list.Items.Where(static item => !item.IsString).Select(static item => new KnownValue(item.Raw))],
            list.Raw);
    }

    private SchemaPlan[] Several(JsonValue schema, string keyword, SchemaPlan plan)
    {
        if (schema.Find(keyword) is not { } list) return [];
        if (!list.IsArray || list.Items.Count == 0)
        {
            Wrong(list, $"{keyword} is {(list.IsArray ? "an empty list" : list.Described)}; it must be a list of schemas.");
            return [];
        }

        SchemaPlan[] plans = [.. list.Items.Select(PlanOf)];
        foreach (SchemaPlan part in plans) AddInPlace(plan, part);
        return plans;
    }

    private void AddInPlace(SchemaPlan from, SchemaPlan to)
    {
        if (!_inPlace.TryGetValue(from, out List<SchemaPlan>? targets)) _inPlace[from] = targets = [];
        targets.Add(to);
    }

    private IReadOnlyDictionary<string, JsonValue> MembersOf(JsonValue schema, string keyword)
    {
        if (schema.Find(keyword) is not { } value) return new Dictionary<string, JsonValue>();
        if (!value.IsObject) Wrong(value, $"{keyword} is {value.Described}; it must be an object of schemas.");
        return value.Members;
    }

    private string[] Names(JsonValue list, string keyword)
    {
        if (list.IsArray && list.Items.All(static item => item.IsString)) return [.. list.Items.Select(static item => item.Text)];
        Wrong(list, $"{keyword} is {(list.IsArray ? "a list of other things" : list.Described)}; it must be a list of property names{(keyword == "required" ? ", beside properties" : "")}.");
        return [];
    }

    private bool Flag(JsonValue schema, string keyword)
    {
        if (schema.Find(keyword) is not { } value) return false;
        if (!value.IsTrue && !value.IsFalse) Wrong(value, $"{keyword} is {value.Described}; it must be true or false.");
        return value.IsTrue;
    }

    private int Count(JsonValue schema, string keyword, int fallback)
    {
        if (schema.Find(keyword) is not { } value) return fallback;
        if (value.IsNumber)
        {
            var number = new JsonNumber(value.Raw);
            if (!number.IsNegative && number.Digits <= Math.Max(0, number.Magnitude))
            {
                if (number.Magnitude > 10) return int.MaxValue;
                long count = 0;
                for (int i = 0; i < number.Magnitude; i++) count = (count * 10) + (i < number.Digits ? number[i] : 0);
                return (int)Math.Min(int.MaxValue, count);
            }
        }

        Wrong(value, $"{keyword} is {(value.IsNumber ? Encoding.UTF8.GetString(value.Raw) : value.Described)}; it must be a whole number from 0.");
        return fallback;
    }

    // A schema that applies itself to the very same value would never end.
    private void FindLoops(SchemaPlan root)
    {
        var state = new Dictionary<SchemaPlan, int>(ReferenceEqualityComparer.Instance);
        foreach (SchemaPlan start in _sources.Keys)
        {
            if (state.ContainsKey(start)) continue;
            var path = new Stack<(SchemaPlan Plan, int Next)>();
            path.Push((start, 0));
            state[start] = 1;
            while (path.TryPop(out (SchemaPlan Plan, int Next) top))
            {
                if (!_inPlace.TryGetValue(top.Plan, out List<SchemaPlan>? targets) || top.Next == targets.Count)
                {
                    state[top.Plan] = 2;
                    continue;
                }

                path.Push((top.Plan, top.Next + 1));
                SchemaPlan target = targets[top.Next];
                if (state.TryAdd(target, 1))
                {
                    path.Push((target, 0));
                }
                else if (state[target] == 1)
                {
                    Wrong(_sources.GetValueOrDefault(target) ?? _sources[root], "The schema is applied to the same value again by itself (allOf, anyOf, oneOf, not or dependencies), which would never end. Take the reference out.");
                    return;
                }
            }
        }
    }
}
