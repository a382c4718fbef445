using System.Text;
using EdgeProxy.Templates.Execution;
using EdgeProxy.Templates.Functions;

namespace EdgeProxy.Templates.Compilation;

/// <summary>The name of a property or method, with all that is known of it before a template runs.</summary>
internal sealed class NameEntry
{
    /// <param name="name">The name.</param>
    /// <param name="constant">The constant that holds it.</param>
    /// <param name="ordinal">Which name of its program it is.</param>
    /// <param name="first">What ids of its program begin with.</param>
    /// <param name="firstPlace">The place of its program's first name.</param>
    public NameEntry(string name, int constant, int ordinal, long first, int firstPlace)
    {
        Id = first + ordinal;
        Length = Encoding.UTF8.GetByteCount(name);
        Text = new byte[Math.Max(Length, ShortText.Width)];
        Encoding.UTF8.GetBytes(name, Text);
        Constant = constant;
        Place = (firstPlace + ordinal) & (Memory.Places - 1);
        Hash = TextHash.Of(Bytes);
        Method = MethodNames.Find(name);
        Property = PropertyNames.Find(Bytes);
    }

    /// <summary>A number that no other name of any program has.</summary>
    public long Id { get; }

    /// <summary>Its bytes, and zeros behind them where it is shorter than what <see cref="ShortText"/> reads at once.</summary>
    public byte[] Text { get; }

    public int Length { get; }

    public ReadOnlySpan<byte> Bytes => Text.AsSpan(0, Length);

    public int Constant { get; }

    /// <summary>Where memory notes the place at which it found the name last.</summary>
    public int Place { get; }

    public int Hash { get; }

    /// <summary>Which method it names.</summary>
    public MethodName Method { get; }

    /// <summary>Which property it names, of values other than maps.</summary>
    public PropertyName Property { get; }
}
