using System.Diagnostics.CodeAnalysis;
using EdgeProxy.ControlPlane.Records;
using EdgeProxy.ControlPlane.Wire;

namespace EdgeProxy.ControlPlane.Management.V2;

/// <summary>The HTTP or WebSocket API that a call is about.</summary>
internal sealed class ApiPlace
{
    private WireValue? _value;
    private readonly Record _record;

    private ApiPlace(Record record)
    {
        _record = record;
        Scope = Scopes.Api(record.Key);
    }

    public string Id => _record.Key;

    public string Scope { get; }

    /// <summary>Its record, to look into and to change.</summary>
    public WireValue Value => _value ??= _record.Open();

    public bool IsHttp => Value.TextOf("protocolType") == "HTTP";

    /// <summary>An API that a call has just made.</summary>
    public static ApiPlace Of(string id, WireValue value) => new(new Record(id, value.ToBytes())) { _value = value };

    /// <summary>Finds the API named in a call's path.</summary>
    public static bool TryFind(Call call, [NotNullWhen(true)] out ApiPlace? api, [NotNullWhen(false)] out Reply? fault)
    {
        string id = call.Path("apiId");
        Record? record = call.Book.Find(Scopes.Api(id), Kinds.Api, id);
        api = record is null ? null : new ApiPlace(record);
        fault = record is null ? Reply.NotFound($"Invalid API identifier specified {id}", "Api") : null;
        return record is not null;
    }
}
