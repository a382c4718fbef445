using System.Numerics;
using System.Text;

namespace EdgeProxy.Gateway.Validation.Patterns;

/// <summary>Room of one loop for texts that a pattern wants in UTF-16.</summary>
internal sealed class PatternScratch
{
    private const int Kept = 64 * 1024;

    private char[] _characters = new char[256];

    /// <summary>The text in UTF-16; good until the next call.</summary>
    public ReadOnlySpan<char> Decode(ReadOnlySpan<byte> text)
    {
        if (_characters.Length < text.Length || (_characters.Length > Kept && text.Length <= Kept))
        {
            _characters = new char[BitOperations.RoundUpToPowerOf2((uint)Math.Max(256, text.Length))];
        }

        return _characters.AsSpan(0, Encoding.UTF8.GetChars(text, _characters));
    }
}
