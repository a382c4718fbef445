using System.Text;
using EdgeProxy.Core.Buffers;
using EdgeProxy.Http.Http2.Hpack;
using EdgeProxy.Http.Messages;

namespace EdgeProxy.Conformance.Tests.Rfc7541;

/// <summary>Field blocks in and out, as text.</summary>
internal static class Blocks
{
    public static readonly HpackLimits Roomy = new(1 << 20, 1000);

    /// <summary>Hexadecimal with any spaces.</summary>
    public static byte[] Hex(string hex) => Convert.FromHexString(string.Concat(hex.Where(c => !char.IsWhiteSpace(c))));

    /// <summary>Decodes a block that must be right; pseudo-headers first, then fields, one a line.</summary>
    public static string Decode(HpackDecoder decoder, string hex, FieldBlockKind kind = FieldBlockKind.Request)
    {
        var fields = new HeaderTable();
        HpackResult result = decoder.Decode(Hex(hex), kind, Roomy, fields, out PseudoHeaders pseudo);
        Assert.Equal(new HpackResult(HpackStatus.Complete, ViolationCode.None), result);
        return Text(fields, pseudo);
    }

    /// <summary>What comes of a block.</summary>
    public static HpackStatus Status(HpackDecoder decoder, string hex) =>
        decoder.Decode(Hex(hex), FieldBlockKind.Request, Roomy, new HeaderTable(), out _).Status;

    public static HpackStatus Status(string hex) => Status(new HpackDecoder(), hex);

    public static string Text(HeaderTable fields, in PseudoHeaders pseudo)
    {
        var text = new StringBuilder();
        void Add(PseudoHeader which, bool has, BlockPart part)
        {
            if (has) text.Append(':').Append(which.ToString().ToLowerInvariant()).Append(": ").AppendLine(Latin(fields.Slice(part.Start, part.Length)));
        }

        Add(PseudoHeader.Status, pseudo.Has(PseudoHeader.Status), pseudo.Status);
        Add(PseudoHeader.Method, pseudo.Has(PseudoHeader.Method), pseudo.Method);
        Add(PseudoHeader.Scheme, pseudo.Has(PseudoHeader.Scheme), pseudo.Scheme);
        Add(PseudoHeader.Path, pseudo.Has(PseudoHeader.Path), pseudo.Path);
        Add(PseudoHeader.Authority, pseudo.Has(PseudoHeader.Authority), pseudo.Authority);
        for (int i = 0; i < fields.Count; i++) text.Append(Latin(fields.Name(i))).Append(": ").AppendLine(Latin(fields.Value(i)));
        return text.ToString().TrimEnd('\n').ReplaceLineEndings("\n");
    }

    public static string Latin(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);

    /// <summary>What an encoder writes for these fields, pseudo-headers not among them.</summary>
    public static string Encode(HpackEncoder encoder, params (string Name, string Value)[] fields)
    {
        byte[] room = new byte[65536];
        var writer = new ByteWriter(room);
        encoder.BeginBlock(ref writer);
        foreach ((string name, string value) in fields)
        {
            byte[] nameBytes = Encoding.Latin1.GetBytes(name);
            Assert.True(encoder.TryWriteField(ref writer, KnownHeaders.Find(nameBytes), nameBytes, Encoding.Latin1.GetBytes(value)));
        }

        Assert.False(writer.Overflowed);
        return Convert.ToHexString(writer.Written).ToLowerInvariant();
    }
}
