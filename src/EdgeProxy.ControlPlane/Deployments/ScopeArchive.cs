using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.IO.Compression;
using System.IO.Hashing;
using System.Security.Cryptography;
using System.Text;
using EdgeProxy.ControlPlane.Records;

namespace EdgeProxy.ControlPlane.Deployments;

/// <summary>What a deployment freezes of an API, packed for the store (control-plane.md 3.1), and back.</summary>
/// <remarks><code>
///   "EPS1" | check 8 | length 4 | Brotli( id | count of kinds ( kind | count of records ( key | json )* )* )
///            of all that follows    texts and JSON as length 4 and bytes; numbers little-endian
/// </code>
/// The id is the SHA-256 of what is compressed: deployments of the same content share one snapshot, and the plan compiled of it.
/// </remarks>
public static class ScopeArchive
{
    /// <summary>The most that is unpacked; an API has its limits long before.</summary>
    public const int MostBytes = 512 * 1024 * 1024;

    private const int HeadLength = 16;

    // The fastest: a call waits for it. Higher ones save a tenth of the room.
    private const int Quality = 1;
    private const int WindowBits = 18;

    // In the order in which they lie there. Documentation has versions of its own; deployments and stages are what points here.
    private static readonly string[] s_kinds =
    [
        Kinds.RestApi, Kinds.Resource, Kinds.Method, Kinds.Model, Kinds.Authorizer, Kinds.RequestValidator, Kinds.GatewayResponse,
        Kinds.Api, Kinds.Route, Kinds.RouteResponse, Kinds.Integration, Kinds.IntegrationResponse,
    ];

    private static ReadOnlySpan<byte> Magic => "EPS1"u8;

    /// <summary>Packs an API's records, those that deployments freeze.</summary>
    /// <param name="scope">The API's records.</param>
    /// <exception cref="InvalidDataException">They are more than <see cref="MostBytes"/>.</exception>
    public static StoredSnapshot Pack(RecordScope scope)
    {
        long size = Sized(scope);
        if (size > MostBytes) throw new InvalidDataException($"The API has {size} bytes, more than a deployment holds.");
        byte[] plain = ArrayPool<byte>.Shared.Rent((int)size);
        byte[] packed = ArrayPool<byte>.Shared.Rent(HeadLength + BrotliEncoder.GetMaxCompressedLength((int)size));
        try
        {
            Write(scope, plain);
            ReadOnlySpan<byte> content = plain.AsSpan(0, (int)size);
            if (!BrotliEncoder.TryCompress(content, packed.AsSpan(HeadLength), out int length, Quality, WindowBits)) throw new InvalidDataException("The API could not be packed.");
            Span<byte> whole = packed.AsSpan(0, HeadLength + length);
            Magic.CopyTo(whole);
            BinaryPrimitives.WriteInt32LittleEndian(whole[12..], (int)size);
            BinaryPrimitives.WriteUInt64LittleEndian(whole[4..], XxHash64.HashToUInt64(whole[12..]));
            return new StoredSnapshot(Convert.ToHexStringLower(SHA256.HashData(content)), whole.ToArray()) { Scope = scope };
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(plain);
            ArrayPool<byte>.Shared.Return(packed);
        }
    }

    /// <summary>Unpacks an API's records; never throws on the bytes.</summary>
    /// <returns>False when they are damaged, or none of ours.</returns>
    public static bool TryUnpack(ReadOnlySpan<byte> content, [NotNullWhen(true)] out RecordScope? scope)
    {
        scope = null;
        return TryMeasure(content, out int length) && TryUnpack(content, GC.AllocateUninitializedArray<byte>(length), out scope);
    }

    /// <summary>How many bytes unpack to; false when what is packed is damaged, or none of ours.</summary>
    internal static bool TryMeasure(ReadOnlySpan<byte> content, out int length)
    {
        length = 0;
        if (content.Length < HeadLength || !content.StartsWith(Magic)) return false;

        // Before anything is believed, so that a damaged length costs no memory.
        if (BinaryPrimitives.ReadUInt64LittleEndian(content[4..]) != XxHash64.HashToUInt64(content[12..])) return false;
        length = BinaryPrimitives.ReadInt32LittleEndian(content[12..]);
        return length is >= 0 and <= MostBytes;
    }

    /// <summary>Unpacks to where the caller says, for whom it need not last.</summary>
    /// <param name="content">What was measured.</param>
    /// <param name="plain">As long as measured. The records are in it, and with it they go.</param>
    /// <param name="scope">The records.</param>
    internal static bool TryUnpack(ReadOnlySpan<byte> content, Memory<byte> plain, [NotNullWhen(true)] out RecordScope? scope)
    {
        scope = null;
        if (!BrotliDecoder.TryDecompress(content[HeadLength..], plain.Span, out int written) || written != plain.Length) return false;
        var reader = new Reader(plain);
        string? id = reader.Text();
        int kinds = reader.Number();
        if (kinds < 0) return false;
        var tables = new List<RecordTable>();
        for (int i = 0; i < kinds && !reader.IsDamaged; i++)
        {
            string? kind = reader.Text();
            int count = reader.Number();

            // Each has two lengths, so that no count is believed that the rest cannot hold.
            if (kind is null || count < 0 || count > reader.Left / 8) return false;
            var records = new Record[count];
            for (int j = 0; j < count; j++)
            {
                string? key = reader.Text();
                ReadOnlyMemory<byte> json = reader.Bytes();
                if (reader.IsDamaged || (j > 0 && string.CompareOrdinal(records[j - 1].Key, key) >= 0)) return false;
                records[j] = new Record(key!, json);
            }

            tables.Add(new RecordTable(kind, records));
        }

        if (reader.IsDamaged || reader.Left > 0) return false;
        scope = new RecordScope(id!, [.. tables]);
        return true;
    }

    private static long Sized(RecordScope scope)
    {
        long size = 8 + Encoding.UTF8.GetByteCount(scope.Id);
        foreach (string kind in s_kinds)
        {
            if (scope.TableOrNull(kind) is not { } table) continue;
            size += 8 + kind.Length;
            foreach (Record record in table.Records) size += 8L + Encoding.UTF8.GetByteCount(record.Key) + record.Json.Length;
        }

        return size;
    }

    private static void Write(RecordScope scope, Span<byte> rest)
    {
        WriteText(ref rest, scope.Id);
        WriteNumber(ref rest, Array.FindAll(s_kinds, kind => scope.TableOrNull(kind) is not null).Length);
        foreach (string kind in s_kinds)
        {
            if (scope.TableOrNull(kind) is not { } table) continue;
            WriteText(ref rest, kind);
            WriteNumber(ref rest, table.Records.Length);
            foreach (Record record in table.Records)
            {
                WriteText(ref rest, record.Key);
                WriteNumber(ref rest, record.Json.Length);
                record.Json.Span.CopyTo(rest);
                rest = rest[record.Json.Length..];
            }
        }
    }

    private static void WriteText(ref Span<byte> rest, string text)
    {
        int length = Encoding.UTF8.GetBytes(text, rest[4..]);
        WriteNumber(ref rest, length);
        rest = rest[length..];
    }

    private static void WriteNumber(ref Span<byte> rest, int number)
    {
        BinaryPrimitives.WriteInt32LittleEndian(rest, number);
        rest = rest[4..];
    }

    /// <summary>Reads along; after the first thing that cannot be, all is damaged.</summary>
    private struct Reader(ReadOnlyMemory<byte> rest)
    {
        private ReadOnlyMemory<byte> _rest = rest;

        public bool IsDamaged { get; private set; }

        public readonly int Left => _rest.Length;

        public int Number()
        {
            if (_rest.Length < 4) IsDamaged = true;
            if (IsDamaged) return 0;
            int number = BinaryPrimitives.ReadInt32LittleEndian(_rest.Span);
            _rest = _rest[4..];
            return number;
        }

        public ReadOnlyMemory<byte> Bytes()
        {
            int length = Number();
            if (length < 0 || length > _rest.Length) IsDamaged = true;
            if (IsDamaged) return default;
            ReadOnlyMemory<byte> bytes = _rest[..length];
            _rest = _rest[length..];
            return bytes;
        }

        public string? Text()
        {
            ReadOnlyMemory<byte> bytes = Bytes();
            return IsDamaged ? null : Encoding.UTF8.GetString(bytes.Span);
        }
    }
}
