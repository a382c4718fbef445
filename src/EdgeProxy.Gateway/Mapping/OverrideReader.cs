using System.Text;
using EdgeProxy.Core.Buffers;
using EdgeProxy.Templates;

namespace EdgeProxy.Gateway.Mapping;

/// <summary>Looks through what templates have set in the place of mappings (rest-api.md 6.11).</summary>
/// <remarks>Names of fields are compared without case, those of query and path parameters with it.</remarks>
internal static class OverrideReader
{
    /// <summary>Whether a mapping of this name gives way to an override.</summary>
    public static bool Replaces(TemplateOverrides? overrides, OverrideTarget target, ReadOnlySpan<byte> name) => Find(overrides, target, name) >= 0;

    /// <summary>The first value set for a name; -1 when there is none.</summary>
    public static int Find(TemplateOverrides? overrides, OverrideTarget target, ReadOnlySpan<byte> name)
    {
        if (overrides is null) return -1;
        bool isHeader = target is OverrideTarget.RequestHeader or OverrideTarget.ResponseHeader;
        for (int i = 0; i < overrides.Count; i++)
        {
            if (overrides.Target(i) != target || overrides.Continues(i)) continue;
            if (isHeader ? Ascii.EqualsIgnoreCase(overrides.Name(i), name) : overrides.Name(i).SequenceEqual(name)) return i;
        }

        return -1;
    }

    /// <summary>Writes the values of a name, joined with commas, and moves on to the last of them.</summary>
    public static void WriteJoined(TemplateOverrides overrides, ref int index, ref ByteWriter writer)
    {
        writer.Write(overrides.Value(index));
        while (index + 1 < overrides.Count && overrides.Continues(index + 1))
        {
            writer.Write((byte)',');
            writer.Write(overrides.Value(++index));
        }
    }
}
