using EdgeProxy.ControlPlane.Records;
using EdgeProxy.ControlPlane.Wire;

namespace EdgeProxy.ControlPlane.Management.V2;

/// <summary>A part of an API that a call is about.</summary>
/// <param name="api">Its API.</param>
/// <param name="record">Its record.</param>
internal sealed class ChildRecord(ApiPlace api, Record record)
{
    private WireValue? _value;

    public ApiPlace Api { get; } = api;

    public Record Record { get; } = record;

    public string Key => Record.Key;

    /// <summary>Its record, to look into and to change.</summary>
    public WireValue Value => _value ??= Record.Open();
}
