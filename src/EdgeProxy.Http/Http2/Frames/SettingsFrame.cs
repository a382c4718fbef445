using System.Buffers.Binary;

namespace EdgeProxy.Http.Http2.Frames;

/// <summary>SETTINGS (RFC 9113, 6.5).</summary>
public static class SettingsFrame
{
    /// <summary>Bytes of each setting.</summary>
    public const int EntrySize = 6;

    /// <summary>How many settings a payload has. They count in the order sent, and a setting may come twice.</summary>
    public static int Count(ReadOnlySpan<byte> payload) => payload.Length / EntrySize;

    /// <summary>The setting at this place, not yet judged: see <see cref="Http2Settings.Apply"/>.</summary>
    public static SettingValue Read(ReadOnlySpan<byte> payload, int index)
    {
        ReadOnlySpan<byte> entry = payload.Slice(index * EntrySize, EntrySize);
        return new SettingValue((Http2Setting)BinaryPrimitives.ReadUInt16BigEndian(entry), BinaryPrimitives.ReadUInt32BigEndian(entry[2..]));
    }
}
