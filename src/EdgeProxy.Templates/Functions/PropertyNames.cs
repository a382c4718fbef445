namespace EdgeProxy.Templates.Functions;

/// <summary>Finds a property by its name.</summary>
internal static class PropertyNames
{
    public static PropertyName Find(ReadOnlySpan<byte> name)
    {
        if (name.SequenceEqual("class"u8)) return PropertyName.Class;
        if (name.SequenceEqual("index"u8)) return PropertyName.Index;
        if (name.SequenceEqual("count"u8)) return PropertyName.Count;
        if (name.SequenceEqual("hasNext"u8)) return PropertyName.HasNext;
        if (name.SequenceEqual("first"u8)) return PropertyName.First;
        if (name.SequenceEqual("last"u8)) return PropertyName.Last;
        if (name.SequenceEqual("parent"u8)) return PropertyName.Parent;
        if (name.SequenceEqual("topmost"u8)) return PropertyName.Topmost;
        if (name.SequenceEqual("body"u8)) return PropertyName.Body;
        if (name.SequenceEqual("key"u8)) return PropertyName.Key;
        if (name.SequenceEqual("value"u8)) return PropertyName.Value;
        if (name.SequenceEqual("empty"u8)) return PropertyName.Empty;
        return name.SequenceEqual("bytes"u8) ? PropertyName.Bytes : PropertyName.Unknown;
    }
}
