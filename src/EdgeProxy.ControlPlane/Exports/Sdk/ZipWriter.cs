using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;

namespace EdgeProxy.ControlPlane.Exports.Sdk;

/// <summary>Writes a ZIP archive (APPNOTE 6.3) of few small files, stored as they are.</summary>
/// <remarks>The platform's own writer would add its streams and its reader to the binary for the sake of a few kilobytes of text.</remarks>
internal sealed class ZipWriter(DateTimeOffset now)
{
    private const uint LocalHeader = 0x04034b50;
    private const uint CentralHeader = 0x02014b50;
    private const uint EndHeader = 0x06054b50;
    private const ushort NeededVersion = 20;

    // Bit 11: names are UTF-8.
    private const ushort Flags = 0x0800;

    // A regular file for its owner to change and all to read, and made on Unix, so that this is believed.
    private const uint Mode = 0x81A4u << 16;
    private const ushort MadeBy = (3 << 8) | NeededVersion;

    private readonly MemoryStream _files = new();
    private readonly MemoryStream _directory = new();
    private int _count;

    public void Add(string name, string text)
    {
        byte[] content = Encoding.UTF8.GetBytes(text);
        byte[] path = Encoding.UTF8.GetBytes(name);
        uint offset = (uint)_files.Length;
        uint crc = Crc32.HashToUInt32(content);
        Span<byte> head = stackalloc byte[46];

        BinaryPrimitives.WriteUInt32LittleEndian(head, LocalHeader);
        WriteCommon(head[4..], crc, content.Length, path.Length);
        _files.Write(head[..30]);
        _files.Write(path);
        _files.Write(content);

        head.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(head, CentralHeader);
        BinaryPrimitives.WriteUInt16LittleEndian(head[4..], MadeBy);
        WriteCommon(head[6..], crc, content.Length, path.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(head[38..], Mode);
        BinaryPrimitives.WriteUInt32LittleEndian(head[42..], offset);
        _directory.Write(head);
        _directory.Write(path);
        _count++;
    }

    public byte[] ToArray()
    {
        Span<byte> end = stackalloc byte[22];
        end.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(end, EndHeader);
        BinaryPrimitives.WriteUInt16LittleEndian(end[8..], (ushort)_count);
        BinaryPrimitives.WriteUInt16LittleEndian(end[10..], (ushort)_count);
        BinaryPrimitives.WriteUInt32LittleEndian(end[12..], (uint)_directory.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(end[16..], (uint)_files.Length);
        var all = new MemoryStream((int)(_files.Length + _directory.Length + end.Length));
        _files.WriteTo(all);
        _directory.WriteTo(all);
        all.Write(end);
        return all.ToArray();
    }

    // What both headers of a file have in common: version, flags, method, time, sum, lengths, and no extra field.
    private void WriteCommon(Span<byte> head, uint crc, int length, int nameLength)
    {
        head[..26].Clear();
        BinaryPrimitives.WriteUInt16LittleEndian(head, NeededVersion);
        BinaryPrimitives.WriteUInt16LittleEndian(head[2..], Flags);
        BinaryPrimitives.WriteUInt16LittleEndian(head[6..], (ushort)((now.Hour << 11) | (now.Minute << 5) | (now.Second / 2)));
        BinaryPrimitives.WriteUInt16LittleEndian(head[8..], (ushort)((Math.Clamp(now.Year - 1980, 0, 127) << 9) | (now.Month << 5) | now.Day));
        BinaryPrimitives.WriteUInt32LittleEndian(head[10..], crc);
        BinaryPrimitives.WriteUInt32LittleEndian(head[14..], (uint)length);
        BinaryPrimitives.WriteUInt32LittleEndian(head[18..], (uint)length);
        BinaryPrimitives.WriteUInt16LittleEndian(head[22..], (ushort)nameLength);
    }
}
