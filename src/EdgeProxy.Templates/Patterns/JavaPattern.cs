using System.Text;
using EdgeProxy.Core.Patterns;

namespace EdgeProxy.Templates.Patterns;

/// <summary>Regular expressions of templates: Java's.</summary>
internal static class JavaPattern
{
    /// <summary>Bytes of a pattern's text.</summary>
    public const int Longest = 4096;

    /// <summary>Reads a pattern; null when it is none that is supported.</summary>
    public static PatternProgram? Parse(ReadOnlySpan<byte> text) =>
        text.Length <= Longest && PatternParser.Parse(Encoding.UTF8.GetString(text), PatternDialect.Java, out _) is { } parsed ? PatternProgram.Of(parsed) : null;
}
