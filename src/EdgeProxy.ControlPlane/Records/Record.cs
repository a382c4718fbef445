using EdgeProxy.ControlPlane.Wire;

namespace EdgeProxy.ControlPlane.Records;

/// <summary>One thing that the management API keeps, as the JSON in which clients see it: reading it is copying bytes. Immutable.</summary>
/// <param name="key">Its key among those of its kind in its scope: an id, a name.</param>
/// <param name="json">JSON object in UTF-8. Nobody changes it.</param>
public sealed class Record(string key, ReadOnlyMemory<byte> json)
{
    public string Key { get; } = key;

    public ReadOnlyMemory<byte> Json { get; } = json;

    /// <summary>A copy to look into and to change; what is changed is put back with <see cref="BookEdit.Put"/>.</summary>
    public WireValue Open() => WireValue.Parse(Json.Span);
}
