using EdgeProxy.ControlPlane.Wire;

namespace EdgeProxy.ControlPlane.Management.V2;

/// <summary>What route responses and integration responses do alike: both hang on a part of a WebSocket API, and have keys there.</summary>
/// <param name="kind">The kind.</param>
/// <param name="name">What errors call it.</param>
/// <param name="members">What calls may set.</param>
/// <param name="check">What is wrong with one: the call, the API, the response, its key, empty for a new one, and what keys beside it begin with.</param>
internal sealed class WebSocketResponses(ChildKind kind, string name, Members members, Func<Call, ApiPlace, WireValue, string, string, Reply?> check)
{
    public Reply Create(Call call)
    {
        if (!kind.TryFindOwner(call, out ApiPlace? api, out string prefix, out Reply? fault)) return fault;
        if (api.IsHttp) return ApiOperations.OnlyFor(name, "WEBSOCKET");
        WireValue value = WireValue.NewObject();
        return members.Merge(value, call.Body, call.Options.Limits) ?? check(call, api, value, "", prefix) ?? kind.Add(call, api, prefix, value);
    }

    public Reply Update(Call call)
    {
        if (!kind.TryFind(call, out ChildRecord? found, out Reply? fault)) return fault;
        return members.Merge(found.Value, call.Body, call.Options.Limits)
            ?? check(call, found.Api, found.Value, found.Key, found.Key[..(found.Key.IndexOf('/', StringComparison.Ordinal) + 1)])
            ?? kind.Put(call, found.Api, found.Key, found.Value);
    }
}
