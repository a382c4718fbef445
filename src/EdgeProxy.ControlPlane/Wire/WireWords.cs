using System.Buffers.Binary;
using System.Text;
using System.Text.Json;

namespace EdgeProxy.ControlPlane.Wire;

/// <summary>Short texts that records repeat, such as <c>GET</c>, <c>application/json</c> or the name of a mapping: of each that was read lately there is one object.</summary>
/// <remarks>
/// A table without a lock: a text has one place in it, and the last that was read there stays. Threads that read at once may each make the same text, which costs
/// no more than not to know it.
/// </remarks>
internal static class WireWords
{
    private const int Longest = 48;
    private const int Places = 1024;

    private static readonly string?[] s_known = new string?[Places];

    /// <summary>The text of a string or a name.</summary>
    /// <exception cref="InvalidOperationException">It is no UTF-8.</exception>
    public static string Of(ref Utf8JsonReader json)
    {
        ReadOnlySpan<byte> text = json.ValueSpan;
        if (json.ValueIsEscaped || json.HasValueSequence || text.Length is 0 or > Longest) return json.GetString()!;
        ref string? place = ref s_known[PlaceOf(text)];
        if (Volatile.Read(ref place) is { } known && Ascii.Equals(text, known)) return known;
        string made = json.GetString()!;
        Volatile.Write(ref place, made);
        return made;
    }

    private static int PlaceOf(ReadOnlySpan<byte> text)
    {
        const ulong Mixer = 0x9E3779B97F4A7C15;
        ulong hash = (ulong)text.Length;
        for (; text.Length >= 8; text = text[8..]) hash = ulong.RotateLeft(hash ^ BinaryPrimitives.ReadUInt64LittleEndian(text), 29) * Mixer;
        foreach (byte value in text) hash = (hash ^ value) * Mixer;
        return (int)(hash >> 32) & (Places - 1);
    }
}
