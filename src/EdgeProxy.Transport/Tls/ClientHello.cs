using System.Buffers.Binary;
using System.Text;

namespace EdgeProxy.Transport.Tls;

/// <summary>The first message of a handshake, as far as the choice of certificate and policy needs it (RFC 8446, 4.1.2; RFC 6066, 3).</summary>
/// <remarks>
/// Read before OpenSSL sees a byte: what it is to serve is then known when its connection object is made, and whoever sends no whole
/// ClientHello costs no such object. OpenSSL judges the message again, and everything that is not looked at here.
/// </remarks>
/// <param name="Status">Whether there is one.</param>
/// <param name="ServerName">The host name asked for, lower case, without a dot at its end; null when none is named.</param>
internal readonly record struct ClientHello(ClientHelloStatus Status, string? ServerName)
{
    /// <summary>Most bytes of records that hold a ClientHello (specification security.md 17.2).</summary>
    public const int MaximumLength = 16 * 1024;

    private const int RecordHeader = 5;
    private const int MessageHeader = 4;
    private const int LongestRecord = 16 * 1024;
    private const byte HandshakeRecord = 22;
    private const byte ClientHelloMessage = 1;
    private const ushort ServerNameExtension = 0;
    private const int LongestName = 255;

    /// <summary>Reads records from the first byte of a connection on.</summary>
    /// <param name="records">What was received.</param>
    /// <param name="scratch">Room for the message when it lies in several records: as long as <paramref name="records"/>.</param>
    public static ClientHello Read(ReadOnlySpan<byte> records, Span<byte> scratch)
    {
        ReadOnlySpan<byte> left = records;
        int gathered = 0;
        int needed = int.MaxValue;
        while (true)
        {
            if (left.Length > 0 && left[0] != HandshakeRecord) return Of(ClientHelloStatus.NotTls);
            if (left.Length > 1 && left[1] != 3) return Of(ClientHelloStatus.NotTls);
            if (left.Length < RecordHeader) return OfShort(records.Length);
            int length = BinaryPrimitives.ReadUInt16BigEndian(left[3..]);
            if (length is 0 or > LongestRecord) return Of(gathered == 0 ? ClientHelloStatus.NotTls : ClientHelloStatus.Violation);
            int there = Math.Min(length, left.Length - RecordHeader);
            left.Slice(RecordHeader, there).CopyTo(scratch[gathered..]);
            gathered += there;
            if (gathered > 0 && scratch[0] != ClientHelloMessage) return Of(ClientHelloStatus.Violation);
            if (gathered >= MessageHeader)
            {
                needed = MessageHeader + ((scratch[1] << 16) | (scratch[2] << 8) | scratch[3]);
                if (needed > MaximumLength) return Of(ClientHelloStatus.TooLarge);
                if (gathered >= needed) return ReadMessage(scratch[MessageHeader..needed]);
            }

            if (there < length) return OfShort(records.Length);
            left = left[(RecordHeader + length)..];
        }
    }

    private static ClientHello Of(ClientHelloStatus status) => new(status, null);

    // Records may be nearly all header, so the message's own length says nothing about how much is received.
    private static ClientHello OfShort(int received) => Of(received >= MaximumLength ? ClientHelloStatus.TooLarge : ClientHelloStatus.Incomplete);

    private static ClientHello ReadMessage(ReadOnlySpan<byte> message)
    {
        var reader = new Fields(message);
        reader.Skip(2 + 32); // version and random
        reader.Take(reader.Byte()); // session id
        reader.Take(reader.Short()); // cipher suites
        reader.Take(reader.Byte()); // compression methods
        if (reader.Failed) return Of(ClientHelloStatus.Violation);
        if (reader.Left == 0) return Of(ClientHelloStatus.Complete); // no extensions: TLS 1.2 and older
        var extensions = new Fields(reader.Take(reader.Short()));
        string? name = null;
        while (extensions.Left > 0)
        {
            int type = extensions.Short();
            ReadOnlySpan<byte> content = extensions.Take(extensions.Short());
            if (extensions.Failed) return Of(ClientHelloStatus.Violation);
            if (type != ServerNameExtension) continue;
            if (name is not null || !TryReadName(content, out name)) return Of(ClientHelloStatus.Violation);
        }

        return reader.Failed || reader.Left > 0 ? Of(ClientHelloStatus.Violation) : new ClientHello(ClientHelloStatus.Complete, name);
    }

    private static bool TryReadName(ReadOnlySpan<byte> extension, out string? name)
    {
        name = null;
        var list = new Fields(extension);
        var entries = new Fields(list.Take(list.Short()));
        if (list.Failed || list.Left > 0) return false;

        // One entry of the one type there is (RFC 6066, 3).
        if (entries.Byte() != 0) return false;
        ReadOnlySpan<byte> host = entries.Take(entries.Short());
        if (entries.Failed || entries.Left > 0 || host.Length is 0 or > LongestName) return false;
        if (host[^1] == '.') host = host[..^1];
        if (host.Length == 0 || host.ContainsAnyExceptInRange((byte)0x21, (byte)0x7E)) return false;
        name = Encoding.ASCII.GetString(host).ToLowerInvariant();
        return true;
    }

    /// <summary>Reads lengths and what they announce; once something is missing, everything is empty.</summary>
    private ref struct Fields(ReadOnlySpan<byte> bytes)
    {
        private ReadOnlySpan<byte> _bytes = bytes;

        public bool Failed { get; private set; }

        public readonly int Left => _bytes.Length;

        public int Byte() => Take(1) is [byte value] ? value : 0;

        public int Short() => Take(2) is [byte high, byte low] ? (high << 8) | low : 0;

        public void Skip(int count) => Take(count);

        public ReadOnlySpan<byte> Take(int count)
        {
            if (count > _bytes.Length)
            {
                Failed = true;
                _bytes = default;
                return default;
            }

            ReadOnlySpan<byte> taken = _bytes[..count];
            _bytes = _bytes[count..];
            return taken;
        }
    }
}
