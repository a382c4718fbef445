using System.Buffers.Binary;
using System.Text;
using EdgeProxy.Gateway.Mapping;
using EdgeProxy.Http.Messages;

namespace EdgeProxy.Gateway.Caching;

/// <summary>The head of a stored answer: status and fields, in the form in which an entry has them.</summary>
/// <remarks>
/// <code>
///   status (2) | flags (2) | fields (2) | notes (2) | for each field: length of its name (2), of its value (2), known name (1), never indexed (1), 0 (2)
///   notes: bytes of whoever stored it | names and values in a row
/// </code>
/// What is said anew of each reply is not in it: the request's ids, its trace, and whatever the connection writes itself (Date, framing).
/// </remarks>
internal readonly ref struct StoredHead(ReadOnlySpan<byte> bytes)
{
    private const int Start = 8;
    private const int FieldSize = 8;

    private readonly ReadOnlySpan<byte> _bytes = bytes;

    public int Status => BinaryPrimitives.ReadUInt16LittleEndian(_bytes);

    public StoredFlags Flags => (StoredFlags)BinaryPrimitives.ReadUInt16LittleEndian(_bytes[2..]);

    public int Fields => BinaryPrimitives.ReadUInt16LittleEndian(_bytes[4..]);

    /// <summary>What whoever stored it wrote beside the fields, in a form of their own.</summary>
    public ReadOnlySpan<byte> Notes => _bytes.Slice(Start + (Fields * FieldSize), BinaryPrimitives.ReadUInt16LittleEndian(_bytes[6..]));

    private ReadOnlySpan<byte> Block => _bytes[(Start + (Fields * FieldSize) + BinaryPrimitives.ReadUInt16LittleEndian(_bytes[6..]))..];

    /// <summary>Bytes that the head of a response takes; below zero when it cannot be stored.</summary>
    /// <param name="response">The response.</param>
    /// <param name="notes">Bytes of notes.</param>
    public static int Measure(ResponseHead response, int notes = 0)
    {
        HeaderTable headers = response.Headers;
        int length = Start + notes;
        for (int i = 0; i < headers.Count; i++)
        {
            ref readonly HeaderField field = ref headers[i];
            if (IsAnew(field.Known)) continue;
            if (field.NameLength > ushort.MaxValue || field.ValueLength > ushort.MaxValue) return -1;
            length += FieldSize + field.NameLength + field.ValueLength;
        }

        return notes > ushort.MaxValue || headers.Count > ushort.MaxValue ? -1 : length;
    }

    /// <summary>Writes the head of a response into as much room as <see cref="Measure"/> said.</summary>
    /// <param name="response">The response, as it is to be repeated.</param>
    /// <param name="notes">Notes.</param>
    /// <param name="room">Where to.</param>
    public static void Write(ResponseHead response, ReadOnlySpan<byte> notes, Span<byte> room)
    {
        HeaderTable headers = response.Headers;
        StoredFlags flags = StoredFlags.None;
        int count = 0;
        for (int i = 0; i < headers.Count; i++)
        {
            KnownHeader known = headers[i].Known;
            if (!IsAnew(known)) count++;
            if (known == KnownHeader.XAmznTraceId) flags |= StoredFlags.IsTraced;
            if (known == KnownHeader.ContentEncoding) flags |= StoredFlags.IsEncoded;
        }

        BinaryPrimitives.WriteUInt16LittleEndian(room, (ushort)response.Status);
        BinaryPrimitives.WriteUInt16LittleEndian(room[2..], (ushort)flags);
        BinaryPrimitives.WriteUInt16LittleEndian(room[4..], (ushort)count);
        BinaryPrimitives.WriteUInt16LittleEndian(room[6..], (ushort)notes.Length);
        int at = Start + (count * FieldSize);
        notes.CopyTo(room[at..]);
        at += notes.Length;
        Span<byte> entry = room[Start..];
        for (int i = 0; i < headers.Count; i++)
        {
            ref readonly HeaderField field = ref headers[i];
            if (IsAnew(field.Known)) continue;
            BinaryPrimitives.WriteUInt16LittleEndian(entry, (ushort)field.NameLength);
            BinaryPrimitives.WriteUInt16LittleEndian(entry[2..], (ushort)field.ValueLength);
            entry[4] = (byte)field.Known;
            entry[5] = field.NeverIndexed ? (byte)1 : (byte)0;
            entry[6] = entry[7] = 0;
            entry = entry[FieldSize..];
            headers.Name(i).CopyTo(room[at..]);
            at += field.NameLength;
            headers.Value(i).CopyTo(room[at..]);
            at += field.ValueLength;
        }
    }

    /// <summary>Makes it the head of a request's answer, with the ids of that request.</summary>
    public void CopyTo(RequestContext request)
    {
        ResponseHead response = request.Exchange.Response;
        HeaderTable headers = response.Headers;
        response.Status = Status;

        // One copy for all fields, which are then recorded by their offsets in it.
        headers.TakeBlock(Block);
        ReadOnlySpan<byte> entry = _bytes[Start..];
        int at = 0;
        for (int i = Fields; i > 0; i--)
        {
            int name = BinaryPrimitives.ReadUInt16LittleEndian(entry);
            int value = BinaryPrimitives.ReadUInt16LittleEndian(entry[2..]);
            headers.AddAt(at, name, at + name, value, (KnownHeader)entry[4]);
            if (entry[5] != 0) headers.MarkNeverIndexed(headers.Count - 1);
            at += name + value;
            entry = entry[FieldSize..];
        }

        if ((Flags & StoredFlags.IsTraced) != 0) headers.Add(KnownHeader.XAmznTraceId, "X-Amzn-Trace-Id"u8, request.Trace);
        MapResponse.AddIds(request, headers);
    }

    /// <summary>The value of the first field with a known name; empty when there is none.</summary>
    public ReadOnlySpan<byte> ValueOf(KnownHeader known)
    {
        ReadOnlySpan<byte> entry = _bytes[Start..];
        ReadOnlySpan<byte> block = Block;
        for (int i = Fields; i > 0; i--)
        {
            int name = BinaryPrimitives.ReadUInt16LittleEndian(entry);
            int value = BinaryPrimitives.ReadUInt16LittleEndian(entry[2..]);
            if (entry[4] == (byte)known) return block.Slice(name, value);
            block = block[(name + value)..];
            entry = entry[FieldSize..];
        }

        return default;
    }

    /// <summary>The value of the first field with a name, without case; empty when there is none.</summary>
    public ReadOnlySpan<byte> ValueOf(ReadOnlySpan<byte> sought)
    {
        ReadOnlySpan<byte> entry = _bytes[Start..];
        ReadOnlySpan<byte> block = Block;
        for (int i = Fields; i > 0; i--)
        {
            int name = BinaryPrimitives.ReadUInt16LittleEndian(entry);
            int value = BinaryPrimitives.ReadUInt16LittleEndian(entry[2..]);
            if (name == sought.Length && Ascii.EqualsIgnoreCase(block[..name], sought)) return block.Slice(name, value);
            block = block[(name + value)..];
            entry = entry[FieldSize..];
        }

        return default;
    }

    // Said by this gateway of each reply; a back end's own were renamed when the answer was mapped.
    private static bool IsAnew(KnownHeader known) => known is KnownHeader.XAmznRequestId or KnownHeader.XAmzApigwId or KnownHeader.XAmznTraceId;
}
