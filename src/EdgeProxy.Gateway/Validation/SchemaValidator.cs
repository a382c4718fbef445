using EdgeProxy.Core.Buffers;
using EdgeProxy.Core.Json;
using EdgeProxy.Gateway.Validation.Json;
using EdgeProxy.Gateway.Validation.Patterns;
using EdgeProxy.Gateway.Validation.Schemas;
using EdgeProxy.Templates.Json;

namespace EdgeProxy.Gateway.Validation;

/// <summary>Holds bodies against schemas: one pass that reads the body onto a tape, one over the tape. Allocates nothing for a valid body.</summary>
/// <remarks>
/// One for each loop; that loop's thread only. Nothing a body holds makes it throw, recurse deeper than <see cref="DeepestEvaluation"/>, or
/// take more steps than its limits say.
/// </remarks>
internal sealed class SchemaValidator
{
    /// <summary>Schemas within each other that are applied to one place; what is left of a loop's stack is far more than they need.</summary>
    public const int DeepestEvaluation = 1000;

    /// <summary>The most mistakes of one body whose places are told.</summary>
    public const int MostFindings = 100;

    // Nodes of a body among which names may stand that are looked up once.
    private const int MostKnown = 1024;

    private readonly JsonTape _tape = new();
    private byte[] _unescaped = new byte[256];
    private KnownName[] _knownNames = new KnownName[64];

    /// <summary>The schema that refused the last body; null when none did.</summary>
    public SchemaPlan? RefusedBy { get; internal set; }

    /// <summary>Gets each mistake's place while one asks for them; null otherwise.</summary>
    internal List<SchemaFinding>? Findings { get; private set; }

    /// <summary>Bodies held against schemas so far, this one included.</summary>
    internal long Runs { get; private set; }

    /// <summary>Where the last body stopped being JSON; its length when it did not.</summary>
    public int FaultAt { get; private set; }

    internal JsonEquality Equality { get; } = new();

    internal PatternScratch Patterns { get; } = new();

    /// <summary>Bits for objects whose schema knows more names than fit on the stack, as a stack of their own.</summary>
    internal ulong[] Bits { get; set; } = new ulong[64];

    /// <summary>Holds a body against a schema.</summary>
    public BodyVerdict Run(SchemaPlan schema, ReadOnlySpan<byte> body, ValidationLimits limits)
    {
        var none = default(ByteWriter);
        return Run(schema, _tape, body, 0, limits, isExplaining: false, ref none);
    }

    /// <summary>The same, with the body read onto somebody's tape, where it stays (<see cref="JsonTape.Reading"/>).</summary>
    /// <param name="schema">The schema.</param>
    /// <param name="tape">The tape; what was on it is forgotten.</param>
    /// <param name="body">The body.</param>
    /// <param name="origin">Where it begins in the memory that it is in.</param>
    /// <param name="limits">What it may cost.</param>
    public BodyVerdict Run(SchemaPlan schema, JsonTape tape, ReadOnlySpan<byte> body, int origin, ValidationLimits limits)
    {
        var none = default(ByteWriter);
        return Run(schema, tape, body, origin, limits, isExplaining: false, ref none);
    }

    /// <summary>Writes everything that a schema has against a body, in the form of <c>$context.error.validationErrorString</c> (rest-api.md 7).</summary>
    /// <remarks>For a body that is no JSON and for one that met a limit, says that instead. What does not fit is left out.</remarks>
    public void Explain(SchemaPlan schema, ReadOnlySpan<byte> body, ValidationLimits limits, ref ByteWriter writer)
    {
        int start = writer.Length;
        writer.Write((byte)'[');
        int first = writer.Length;
        BodyVerdict verdict = Run(schema, _tape, body, 0, limits, isExplaining: true, ref writer);
        ReadOnlySpan<byte> instead = verdict switch
        {
            BodyVerdict.Malformed => "Unknown error parsing request body"u8,
            BodyVerdict.RepeatedName => "object has a repeated property"u8,
            BodyVerdict.TooDeep => "body is nested too deeply"u8,
            BodyVerdict.TooManySteps or BodyVerdict.PatternTimedOut => "body takes too long to validate"u8,
            _ => default,
        };
        if (!instead.IsEmpty)
        {
            writer.Truncate(first);
            writer.Write(instead);
        }

        if (verdict == BodyVerdict.Valid) writer.Truncate(start);
        else writer.Write((byte)']');
    }

    /// <summary>Does what <see cref="Explain"/> does, and says where in the body each mistake is, and what in the model it is one by.</summary>
    /// <param name="schema">The schema.</param>
    /// <param name="body">The body.</param>
    /// <param name="limits">What it may cost.</param>
    /// <param name="findings">Gets the first mistakes, at most <see cref="MostFindings"/>.</param>
    /// <param name="writer">Gets the messages, where the findings say.</param>
    /// <returns>What the body came to.</returns>
    public BodyVerdict Find(SchemaPlan schema, ReadOnlySpan<byte> body, ValidationLimits limits, List<SchemaFinding> findings, ref ByteWriter writer)
    {
        Findings = findings;
        try
        {
            return Run(schema, _tape, body, 0, limits, isExplaining: true, ref writer);
        }
        finally
        {
            Findings = null;
        }
    }

    /// <summary>The text of a string or name; good until the next call.</summary>
    internal ReadOnlySpan<byte> TextOf(JsonView view, int node) => view.Nodes[node].IsEscaped ? Unescape(view.Raw(node)) : view.Raw(node);

    private ReadOnlySpan<byte> Unescape(ReadOnlySpan<byte> raw)
    {
        if (_unescaped.Length < raw.Length) _unescaped = new byte[System.Numerics.BitOperations.RoundUpToPowerOf2((uint)raw.Length)];
        return _unescaped.AsSpan(0, JsonText.Unescape(raw, _unescaped));
    }

    private BodyVerdict Run(SchemaPlan schema, JsonTape tape, ReadOnlySpan<byte> body, int origin, ValidationLimits limits, bool isExplaining, ref ByteWriter writer)
    {
        RefusedBy = null;
        Runs++;
        Patterns.Begin(limits.Steps, body.Length);

        // An empty body is validated as {} (rest-api.md 7).
        if (body.IsEmpty) body = "{}"u8;
        JsonFault fault = JsonReader.ReadUtf8(tape, body, new JsonLimits(limits.Depth, limits.Steps), origin);
        FaultAt = tape.FaultAt;
        BodyVerdict verdict = fault switch
        {
            JsonFault.None => Evaluate(schema, tape, tape.View(body), limits, isExplaining, ref writer),
            JsonFault.TooDeep => BodyVerdict.TooDeep,
            JsonFault.TooMany => BodyVerdict.TooManySteps,
            _ => BodyVerdict.Malformed,
        };
        tape.Release();
        if (_unescaped.Length > 64 * 1024) _unescaped = new byte[256];
        return verdict;
    }

    private unsafe BodyVerdict Evaluate(SchemaPlan schema, JsonTape tape, JsonView view, ValidationLimits limits, bool isExplaining, ref ByteWriter writer)
    {
        int count = Math.Min(tape.Count, MostKnown);
        if (_knownNames.Length < count) _knownNames = new KnownName[System.Numerics.BitOperations.RoundUpToPowerOf2((uint)count)];
        fixed (JsonNode* nodes = tape.Nodes)
        fixed (KnownName* known = _knownNames)
        {
            var run = new SchemaRun(this, tape, view, nodes, known, count, limits.Steps, isExplaining, writer);
            bool isValid = run.Evaluate(schema, 0);
            writer = run.Messages;
            return run.Stopped != BodyVerdict.Valid ? run.Stopped : isValid ? BodyVerdict.Valid : BodyVerdict.Mismatch;
        }
    }
}
