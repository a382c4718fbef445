using EdgeProxy.Core.Buffers;
using EdgeProxy.Gateway.Validation.Json;
using EdgeProxy.Gateway.Validation.Patterns;
using EdgeProxy.Gateway.Validation.Schemas;
using EdgeProxy.Templates.Json;

namespace EdgeProxy.Gateway.Validation;

/// <summary>What a schema has against a body, in the words of the service (rest-api.md 7).</summary>
internal ref struct SchemaWords
{
    private readonly SchemaValidator _validator;
    private readonly JsonView _view;
    private bool _hasMessages;
    private SchemaPlan? _failed;
    private int _failedAt;

    /// <param name="validator">Whose memory it uses.</param>
    /// <param name="view">The body.</param>
    /// <param name="messages">Where to.</param>
    public SchemaWords(SchemaValidator validator, JsonView view, ByteWriter messages)
    {
        _validator = validator;
        _view = view;
        Messages = messages;
    }

    /// <summary>What was said.</summary>
    public ByteWriter Messages;

    /// <summary>Notes who refuses what, for what is said next.</summary>
    public void Blame(SchemaPlan schema, int at)
    {
        _failed = schema;
        _failedAt = at;
    }

    public void SayType(SchemaPlan schema, int at)
    {
        Begin();
        Messages.Write("instance type ("u8);
        Messages.Write(NameOf(_view.Nodes[at].Kind));
        Messages.Write(") does not match any allowed primitive type (allowed: ["u8);

        // Alphabetical; what takes numbers takes whole ones.
        bool isFirst = true;
        foreach (JsonKind kind in (ReadOnlySpan<JsonKind>)[JsonKind.Array, JsonKind.True, JsonKind.Integer, JsonKind.Null, JsonKind.Decimal, JsonKind.Object, JsonKind.String])
        {
            if ((schema.Types & (1 << (int)kind)) == 0) continue;
            Messages.Write(isFirst ? "\""u8 : ",\""u8);
            Messages.Write(NameOf(kind));
            Messages.Write((byte)'"');
            isFirst = false;
        }

        Messages.Write("])"u8);
    }

    private static ReadOnlySpan<byte> NameOf(JsonKind kind) => kind switch
    {
        JsonKind.Null => "null"u8,
        JsonKind.False or JsonKind.True => "boolean"u8,
        JsonKind.Integer => "integer"u8,
        JsonKind.Decimal => "number"u8,
        JsonKind.String => "string"u8,
        JsonKind.Array => "array"u8,
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

    public void Say(ReadOnlySpan<byte> message)
    {
        Begin();
        Messages.Write(message);
    }

    public void SayCount(ReadOnlySpan<byte> before, long first, ReadOnlySpan<byte> between, long second, ReadOnlySpan<byte> after)
    {
        Begin();
        Messages.Write(before);
        Messages.Write(first);
        Messages.Write(between);
        if (second >= 0) Messages.Write(second);
        Messages.Write(after);
    }

    public void SayLength(ReadOnlySpan<byte> before, ReadOnlySpan<byte> between, int at, int length, int limit)
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
        Messages.Write(_validator.TextOf(_view, at));
        Messages.Write((byte)'"');
    }

    public void SayPattern(TextPattern pattern, int at)
    {
        Begin();
        Messages.Write("ECMA 262 regex \""u8);
        Messages.Write(System.Text.Encoding.UTF8.GetBytes(pattern.Source));
        Messages.Write("\" does not match input string \""u8);
        Messages.Write(_validator.TextOf(_view, at));
        Messages.Write((byte)'"');
    }

    public void SayFormat(StringFormat format, int at)
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

    public void SayBound(NumberBound bound, ReadOnlySpan<byte> number, ReadOnlySpan<byte> beyond, ReadOnlySpan<byte> strictly)
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

    public void SayDivisor(NumberDivisor divisor, ReadOnlySpan<byte> number)
    {
        Begin();
        Messages.Write("remainder of division is not zero ("u8);
        Messages.Write(number);
        Messages.Write(" / "u8);
        Messages.Write(divisor.Text);
        Messages.Write((byte)')');
    }

    /// <summary>Begins to say which members are not wanted; <see cref="SayUnwanted"/> and <see cref="EndUnwanted"/> follow.</summary>
    public void BeginUnwanted()
    {
        Begin();
        Messages.Write("object instance has properties which are not allowed by the schema: ["u8);
    }

    public void SayUnwanted(int name, bool isFirst)
    {
        Messages.Write(isFirst ? "\""u8 : ",\""u8);
        Messages.Write(_view.Raw(name));
        Messages.Write((byte)'"');
    }

    public void EndUnwanted() => Messages.Write((byte)']');

    public void SayMissing(NameTable names, ReadOnlySpan<ulong> required, scoped ReadOnlySpan<ulong> seen)
    {
        Begin();
        Messages.Write("object has missing required properties (["u8);
        SayNames(names, required, seen, onlyMissing: true);
        Messages.Write("])"u8);
    }

    public void SayDependency(NameTable names, PropertyDependency dependency, scoped ReadOnlySpan<ulong> seen)
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

    public void SayEnum(EnumRule choices, int at)
    {
        JsonKind kind = _view.Nodes[at].Kind;
        Begin();
        Messages.Write("instance value ("u8);
        if (kind == JsonKind.String) Messages.Write(_view.Quoted(at));
        else if (kind >= JsonKind.Array) Messages.Write(kind == JsonKind.Array ? "array"u8 : "object"u8);
        else Messages.Write(_view.Raw(at));
        Messages.Write(") not found in enum (possible values: "u8);
        Messages.Write(choices.Written);
        Messages.Write((byte)')');
    }
}
