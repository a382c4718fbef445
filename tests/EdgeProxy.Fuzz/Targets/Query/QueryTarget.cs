using EdgeProxy.Core.Buffers;
using EdgeProxy.Fuzz.Engine;
using EdgeProxy.Http.Messages;

namespace EdgeProxy.Fuzz.Targets;

/// <summary>The reader of queries, and form coding.</summary>
internal sealed class QueryTarget : FuzzTarget
{
    private readonly byte[] _one = new byte[64 * 1024];
    private readonly byte[] _other = new byte[64 * 1024];

    public override string Name => "Query";

    public override IReadOnlyList<string> Tokens { get; } = ["a=b", "&", ";", "=", "&&", "==", "+", "%20", "%26", "%3d", "%", "%0", "%00", "a[]=1", "\u00e9", "#", "?", " "];

    public override ulong Run(byte[] input)
    {
        int at = 0;
        int count = 0;
        foreach (QueryPair pair in new QueryReader(input))
        {
            count++;
            Promise.That(pair.Name.IndexOfAny("&;="u8) < 0 && pair.Value.IndexOfAny("&;"u8) < 0, "A pair ends where the next begins");
            while (input[at] is (byte)'&' or (byte)';') at++;
            Promise.Same(input.AsSpan(at, pair.Name.Length), pair.Name, "A name stands where it was read");
            at += pair.Name.Length;
            if (at < input.Length && input[at] == '=') at++;
            else Promise.That(pair.Value.IsEmpty, "Without an equals sign there is no value");
            Promise.Same(input.AsSpan(at, pair.Value.Length), pair.Value, "A value stands where it was read");
            at += pair.Value.Length;
        }

        Promise.That(input.AsSpan(at).IndexOfAnyExcept((byte)'&', (byte)';') < 0, "Nothing but separators is passed over");

        int length = PercentCoding.DecodeForm(input, _one);
        Promise.That(length <= input.Length, "Decoding makes nothing longer");
        if (PercentCoding.IsPlainForm(input)) Promise.Same(input, _one.AsSpan(0, length), "What is plain decodes to itself");

        var form = new ByteWriter(_one);
        PercentCoding.EncodeForm(input, ref form);
        Promise.That(form.Written.IndexOfAny("&;=# \r\n\0"u8) < 0, "A coded value stays one");
        Promise.Same(input, _other.AsSpan(0, PercentCoding.DecodeForm(form.Written, _other)), "A form value decodes to itself");

        var query = new ByteWriter(_one);
        PercentCoding.EncodeQuery(input, ref query);
        Promise.That(query.Written.IndexOfAny("&;=#+ \r\n\0"u8) < 0, "A coded value stays one");
        Promise.Same(input, _other.AsSpan(0, PercentCoding.Decode(query.Written, _other)), "A query value decodes to itself");
        return Outcome.None.WithCount(count).WithCount(input.Length - length).WithCount(input.Length);
    }
}
