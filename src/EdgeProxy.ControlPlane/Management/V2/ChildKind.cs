using System.Diagnostics.CodeAnalysis;
using EdgeProxy.ControlPlane.Records;
using EdgeProxy.ControlPlane.Wire;

namespace EdgeProxy.ControlPlane.Management.V2;

/// <summary>A kind of parts of an API, and what all such kinds do alike: to be found, shown, listed, and to be told that they are not there.</summary>
/// <param name="kind">The kind of its records.</param>
/// <param name="name">What errors call it.</param>
/// <param name="pathValue">The name of its id in paths, and in its records.</param>
/// <param name="parent">Of parts of parts, whose keys are <c>{parent}/{id}</c>: the kind of the parent.</param>
internal sealed class ChildKind(string kind, string name, string pathValue, ChildKind? parent = null)
{
    /// <summary>The operations that all kinds have alike: to list its parts, to show one and to delete one.</summary>
    /// <param name="path">Where they are listed, for example <c>/v2/apis/{apiId}/routes</c>.</param>
    /// <param name="delete">Deletes one; null where nothing else hangs on it.</param>
    public Operation[] Rows(string path, Func<Call, ChildRecord, Reply>? delete = null) =>
    [
        new($"Get{name}s", $"GET {path}", 200, "", List),
        new($"Get{name}", $"GET {path}/{{{pathValue}}}", 200, "", Get),
        new($"Delete{name}", $"DELETE {path}/{{{pathValue}}}", 204, "", call =>
            TryFind(call, out ChildRecord? found, out Reply? fault) ? delete is null ? Remove(call, found) : delete(call, found) : fault),
    ];

    /// <summary>Finds the part named in a call's path.</summary>
    public bool TryFind(Call call, [NotNullWhen(true)] out ChildRecord? found, [NotNullWhen(false)] out Reply? fault)
    {
        found = null;
        if (!TryFindOwner(call, out ApiPlace? api, out string prefix, out fault)) return false;
        string id = call.Path(pathValue);
        if (call.Book.Find(api.Scope, kind, prefix + id) is not { } record)
        {
            fault = Unknown(id);
            return false;
        }

        found = new ChildRecord(api, record);
        return true;
    }

    /// <summary>Finds the API of a call, and of parts of parts the parent.</summary>
    /// <param name="call">The call.</param>
    /// <param name="api">The API.</param>
    /// <param name="prefix">What keys there begin with.</param>
    /// <param name="fault">What is not there.</param>
    public bool TryFindOwner(Call call, [NotNullWhen(true)] out ApiPlace? api, out string prefix, [NotNullWhen(false)] out Reply? fault)
    {
        prefix = "";
        if (parent is null) return ApiPlace.TryFind(call, out api, out fault);
        api = null;
        if (!parent.TryFind(call, out ChildRecord? owner, out fault)) return false;
        api = owner.Api;
        prefix = owner.Key + "/";
        return true;
    }

    /// <summary>Says that there is none of an id.</summary>
    public Reply Unknown(string id) => Reply.NotFound($"Invalid {name} identifier specified {id}", name);

    private Reply Get(Call call) => TryFind(call, out ChildRecord? found, out Reply? fault) ? Reply.Of(found.Record) : fault;

    private Reply List(Call call)
    {
        if (!TryFindOwner(call, out ApiPlace? api, out string prefix, out Reply? fault)) return fault;
        return Paging.List(call, Of(call.Book, api, prefix));
    }

    /// <summary>All parts of this kind, or those of one parent.</summary>
    public IReadOnlyList<Record> Of(BookEdit book, ApiPlace api, string prefix = "")
    {
        IReadOnlyList<Record> all = book.All(api.Scope, kind);
        if (prefix.Length == 0) return all;
        var some = new List<Record>();
        foreach (Record record in all)
        {
            if (record.Key.StartsWith(prefix, StringComparison.Ordinal)) some.Add(record);
        }

        return some;
    }

    /// <summary>Keeps a new part under a new id.</summary>
    public Reply Add(Call call, ApiPlace api, string prefix, WireValue value)
    {
        string id = Ids.New(Ids.Short, candidate => call.Book.Find(api.Scope, kind, prefix + candidate) is not null);
        value[pathValue] = WireValue.Of(id);
        return Put(call, api, prefix + id, value);
    }

    /// <summary>Keeps a part, and answers with it.</summary>
    public Reply Put(Call call, ApiPlace api, string key, WireValue value)
    {
        var record = new Record(key, value.ToBytes());
        call.Book.Put(api.Scope, kind, record);
        return Reply.Of(record);
    }

    /// <summary>Removes a part with the parts below it.</summary>
    public Reply Remove(Call call, ChildRecord found, string? kindBelow = null)
    {
        call.Book.Remove(found.Api.Scope, kind, found.Key);
        if (kindBelow is not null)
        {
            foreach (Record below in call.Book.All(found.Api.Scope, kindBelow))
            {
                if (below.Key.StartsWith(found.Key + "/", StringComparison.Ordinal)) call.Book.Remove(found.Api.Scope, kindBelow, below.Key);
            }
        }

        return Reply.Empty;
    }

    /// <summary>The part whose member has a text; null when none has.</summary>
    public Record? WithText(BookEdit book, ApiPlace api, string member, string text, string exceptKey = "", string prefix = "")
    {
        foreach (Record record in Of(book, api, prefix))
        {
            if (record.Key != exceptKey && record.Open().TextOf(member) == text) return record;
        }

        return null;
    }
}
