using System.Buffers.Binary;
using System.Text;
using EdgeProxy.Fuzz.Engine;
using EdgeProxy.Transport.Tls;
using Hello = EdgeProxy.Transport.Tls.ClientHello;

namespace EdgeProxy.Fuzz.Targets;

/// <summary>What is read of a ClientHello before OpenSSL sees it.</summary>
internal sealed class ClientHelloTarget : FuzzTarget
{
    private readonly byte[] _scratch = new byte[Hello.MaximumLength + 8192];

    public override string Name => "ClientHello";

    public override IReadOnlyList<string> Tokens { get; } =
    [
        "\x16\x03\x01", "\x16\x03\x03\0", "\x01\0\0", "\x03\x03", "\0\0\0\x0e\0\x0c\0\0\x09", "\0\0\0\x10\0\x0e\0\0\x0b", "api.example", "API.EXAMPLE.", "a.example\0", "\0\x10\0\x0b\0\x09\x02h2\x08http/1.1",
        "\0\x2b\0\x03\x02\x03\x04", "\x15\x03\x01\0\x02\x02\x28", "GET / HTTP/1.1\r\n", "\xff\xff", "\x40\0", "\0\0", "\0\x01", "\x80\x2e\x01\x03\x01",
    ];

    public override ulong Run(byte[] input)
    {
        Hello whole = Read(input);
        foreach (int length in Cuts.Of(input))
        {
            Hello prefix = Read(input.AsSpan(0, length));
            if (prefix.Status != ClientHelloStatus.Incomplete) Promise.Same(prefix, whole, "The result of a prefix stands when more bytes come");
        }

        if (whole.ServerName is { } name)
        {
            Promise.Same(ClientHelloStatus.Complete, whole.Status, "Only a whole ClientHello names a server");
            Promise.That(name.Length is > 0 and <= 255 && name.All(letter => letter is > ' ' and <= '~' && !char.IsAsciiLetterUpper(letter)), "A name is printable and in lower case");
            Promise.That(Encoding.Latin1.GetString(input).Contains(name, StringComparison.OrdinalIgnoreCase) || input.AsSpan().Count((byte)0x16) > 1, "A name stands in the bytes");
        }

        if (whole.Status == ClientHelloStatus.Complete) Refragmented(input, whole);
        return Outcome.None.With((int)whole.Status).WithCount(whole.ServerName?.Length ?? -1).WithCount(input.Length);
    }

    private Hello Read(ReadOnlySpan<byte> bytes) => Hello.Read(bytes, _scratch);

    /// <summary>However the message is cut into records, it is the same.</summary>
    private void Refragmented(byte[] input, Hello whole)
    {
        var message = new List<byte>();
        ReadOnlySpan<byte> rest = input;
        while (rest.Length >= 5 && rest[0] == 22 && rest.Length >= 5 + BinaryPrimitives.ReadUInt16BigEndian(rest[3..]))
        {
            int length = BinaryPrimitives.ReadUInt16BigEndian(rest[3..]);
            message.AddRange(rest.Slice(5, length));
            rest = rest[(5 + length)..];
        }

        if (message.Count < 4 || message.Count < 4 + ((message[1] << 16) | (message[2] << 8) | message[3])) return; // the last record is cut behind the message
        FuzzRandom random = FuzzRandom.For(input);
        var records = new List<byte>();
        for (int at = 0; at < message.Count;)
        {
            int length = Math.Min(1 + random.Below(200), message.Count - at);
            records.AddRange([22, 3, 1, (byte)(length >> 8), (byte)length, .. message.GetRange(at, length)]);
            at += length;
        }

        if (records.Count < _scratch.Length && records.Count < Hello.MaximumLength) Promise.Same(whole, Read(records.ToArray()), "The same ClientHello in other records");
    }
}
