using EdgeProxy.Fuzz.Engine;
using EdgeProxy.Http.Messages;
using EdgeProxy.Telemetry.Tracing;

namespace EdgeProxy.Fuzz.Targets;

/// <summary>The values that are taken apart on every request: dates and trace ids; and the byte searches beneath the head parsers.</summary>
internal sealed class FieldValuesTarget : FuzzTarget
{
    private const long Now = 1_790_000_000;
    private const long LastSecond = 253402300799;

    private readonly byte[] _trace = new byte[TraceId.MaxLength];
    private readonly byte[] _again = new byte[TraceId.MaxLength];
    private readonly FastRandom _random = new();
    private readonly byte[] _date = new byte[HttpDate.Length];

    public override string Name => "FieldValues";

    public override int LongestInput => 1024;

    public override IReadOnlyList<string> Tokens { get; } =
    [
        "Root=1-5759e988-bd862e3fe1be46a994272793", ";Parent=53995c3f42cd8ad8", ";Sampled=1", ";Sampled=?", ";Self=", "Lineage=a:1|b:2", "=", ";", " ",
        "Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994", "Feb", "29", "60", "24:", "0000", "9999", ",", "GMT",
    ];

    public override ulong Run(byte[] input)
    {
        ulong outcome = Outcome.None;
        foreach (TraceTrust trust in (TraceTrust[])[TraceTrust.Trusted, TraceTrust.Untrusted])
        {
            TraceId id = TraceId.Complete(input, trust, Now, _random, _trace);
            ReadOnlySpan<byte> text = _trace.AsSpan(0, id.Length);
            Promise.That(id.Length is >= TraceId.RootLength and <= TraceId.MaxLength, "A trace id keeps to its length");
            Promise.That(TraceId.IsRoot(text[id.Root]), "A trace id has a root");
            Promise.That(!text.ContainsAnyExceptInRange((byte)0x20, (byte)0x7E), "A trace id is printable");
            TraceId again = TraceId.Complete(text, TraceTrust.Trusted, Now, _random, _again);
            Promise.Same(text, _again.AsSpan(0, again.Length), "A complete trace id stays as it is");
            Promise.Same(id.IsSampled, again.IsSampled, "Sampled as before");
            outcome = outcome.WithCount(id.Length).With(id.IsSampled ? 1 : 0);
        }

        // Years before 1970 can be read and not written, and the leap second of the last day of 9999 neither.
        if (HttpDate.TryParse(input, Now, out long seconds) && seconds is >= 0 and <= LastSecond)
        {
            HttpDate.Format(seconds, _date);
            Promise.That(HttpDate.TryParse(_date, Now, out long same) && same == seconds, "A formatted date is the same instant");
            outcome = outcome.With(input.Length);
        }

        int token = 0;
        while (token < input.Length && HeadPromises.IsToken(input[token])) token++;
        Promise.Same(token == input.Length ? -1 : token, FieldScan.TokenLength(input), "The fast search finds the end of a token");
        int control = 0;
        while (control < input.Length && (input[control] >= 0x20 || input[control] == '\t') && input[control] != 0x7F) control++;
        Promise.Same(control == input.Length ? -1 : control, FieldScan.IndexOfControl(input), "The fast search finds a control byte");
        return outcome;
    }
}
