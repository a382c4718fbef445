using EdgeProxy.ControlPlane.Records;
using EdgeProxy.ControlPlane.Wire;

namespace EdgeProxy.ControlPlane.Deployments;

/// <summary>Tells what one state of a REST API has over another, by what things are called, not by the ids that they were given: an API that was imported anew is no other.</summary>
internal sealed class CompareApis
{
    /// <summary>The most differences of one thing that are told.</summary>
    public const int MostDifferences = 50;

    /// <summary>The most characters of a value that are told.</summary>
    public const int MostValue = 300;

    private static readonly string[] s_ownMembers = ["id", "createdDate", "tags", "rootResourceId", "warnings", "apiStatus", "apiStatusMessage"];

    private readonly WireValue _changes = WireValue.NewList();

    /// <summary>What changed, thing by thing: <c>{"change", "kind", "name"[, "differences": [{"path"[, "before"][, "after"]}]]}</c>.</summary>
    /// <param name="before">One state.</param>
    /// <param name="after">The other.</param>
    public static WireValue Run(RecordScope before, RecordScope after)
    {
        var compare = new CompareApis();
        var old = new Sides(before);
        var now = new Sides(after);
        compare.Things("api", old.Api(), now.Api());
        compare.Things("resource", old.Resources(), now.Resources());
        compare.Things("method", old.Methods(), now.Methods());
        compare.Things("model", old.Named(Kinds.Model, "id"), now.Named(Kinds.Model, "id"));
        compare.Things("authorizer", old.Named(Kinds.Authorizer, "id"), now.Named(Kinds.Authorizer, "id"));
        compare.Things("requestValidator", old.Named(Kinds.RequestValidator, "id"), now.Named(Kinds.RequestValidator, "id"));
        compare.Things("gatewayResponse", old.Named(Kinds.GatewayResponse, ""), now.Named(Kinds.GatewayResponse, ""));
        return compare._changes;
    }

    private void Things(string kind, SortedDictionary<string, WireValue> before, SortedDictionary<string, WireValue> after)
    {
        foreach ((string name, _) in before)
        {
            if (!after.ContainsKey(name)) _changes.Items.Add(Change("removed", kind, name));
        }

        foreach ((string name, WireValue now) in after)
        {
            if (!before.TryGetValue(name, out WireValue? was))
            {
                _changes.Items.Add(Change("added", kind, name));
                continue;
            }

            WireValue differences = WireValue.NewList();
            Differ("", was, now, differences);
            if (differences.Items.Count > 0) _changes.Items.Add(Change("changed", kind, name).Set("differences", differences));
        }
    }

    private static WireValue Change(string change, string kind, string name) => WireValue.NewObject().Set("change", change).Set("kind", kind).Set("name", name);

    // Nothing and an empty map or list are the same: the service shows the one for the other.
    private static bool IsNothing(WireValue? value) => value is null or { Kind: WireKind.Null } or { IsObject: true, Members.Count: 0 } or { IsList: true, Items.Count: 0 };

    private static void Differ(string path, WireValue? was, WireValue? now, WireValue differences)
    {
        if (differences.Items.Count >= MostDifferences || (IsNothing(was) && IsNothing(now))) return;
        if (was is { IsObject: true } && now is { IsObject: true })
        {
            foreach ((string name, WireValue value) in was.Members) Differ($"{path}/{Escaped(name)}", value, now[name], differences);
            foreach ((string name, WireValue value) in now.Members)
            {
                if (was[name] is null) Differ($"{path}/{Escaped(name)}", null, value, differences);
            }

            return;
        }

        string? before = was?.ToString();
        string? after = now?.ToString();
        if (string.Equals(before, after, StringComparison.Ordinal)) return;
        differences.Items.Add(WireValue.NewObject().Set("path", path).Set("before", Shown(was)).Set("after", Shown(now)));
    }

    private static string Escaped(string name) => name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);

    private static WireValue? Shown(WireValue? value)
    {
        if (value is null) return null;
        if (value.IsText) return value.Text.Length <= MostValue ? value : WireValue.Of(value.Text[..MostValue] + "...");
        string json = value.ToString();
        return json.Length <= MostValue ? value : WireValue.Of(json[..MostValue] + "...");
    }

    /// <summary>One state, its things by name.</summary>
    private sealed class Sides(RecordScope scope)
    {
        private readonly Dictionary<string, string> _paths = PathsOf(scope);

        public SortedDictionary<string, WireValue> Api()
        {
            var found = new SortedDictionary<string, WireValue>(StringComparer.Ordinal);
            foreach (Record record in scope.All(Kinds.RestApi))
            {
                WireValue api = record.Open();
                foreach (string own in s_ownMembers) api[own] = null;
                found["settings"] = api;
            }

            return found;
        }

        public SortedDictionary<string, WireValue> Resources()
        {
            var found = new SortedDictionary<string, WireValue>(StringComparer.Ordinal);
            foreach ((_, string path) in _paths) found[path] = WireValue.NewObject();
            return found;
        }

        public SortedDictionary<string, WireValue> Methods()
        {
            Dictionary<string, string> authorizers = NamesOf(Kinds.Authorizer);
            Dictionary<string, string> validators = NamesOf(Kinds.RequestValidator);
            var found = new SortedDictionary<string, WireValue>(StringComparer.Ordinal);
            foreach (Record record in scope.All(Kinds.Method))
            {
                int slash = record.Key.IndexOf('/', StringComparison.Ordinal);
                if (slash < 0 || !_paths.TryGetValue(record.Key[..slash], out string? path)) continue;
                WireValue method = record.Open();
                Name(method, "authorizerId", authorizers);
                Name(method, "requestValidatorId", validators);
                if (method["methodIntegration"] is { IsObject: true } integration && integration.TextOf("cacheNamespace") == record.Key[..slash]) integration["cacheNamespace"] = null;
                found[$"{record.Key[(slash + 1)..]} {path}"] = method;
            }

            return found;
        }

        public SortedDictionary<string, WireValue> Named(string kind, string idMember)
        {
            var found = new SortedDictionary<string, WireValue>(StringComparer.Ordinal);
            foreach (Record record in scope.All(kind))
            {
                WireValue value = record.Open();
                string name = value.TextOf("name") ?? record.Key;

                // Several may share a name.
                if (found.ContainsKey(name)) name = $"{name} ({record.Key})";
                if (idMember.Length > 0) value[idMember] = null;
                found[name] = value;
            }

            return found;
        }

        private static void Name(WireValue method, string member, Dictionary<string, string> names)
        {
            if (method.TextOf(member) is { } id && names.TryGetValue(id, out string? name)) method.Set(member, name);
        }

        private Dictionary<string, string> NamesOf(string kind)
        {
            var names = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (Record record in scope.All(kind)) names[record.Key] = record.Open().TextOf("name") ?? record.Key;
            return names;
        }

        private static Dictionary<string, string> PathsOf(RecordScope scope)
        {
            var paths = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (Record resource in scope.All(Kinds.Resource)) paths[resource.Key] = resource.Open().TextOf("path") ?? "/";
            return paths;
        }
    }
}
