using System.Text;
using EdgeProxy.Compiler.Problems;
using EdgeProxy.ControlPlane.Imports.ApiKeys;
using EdgeProxy.ControlPlane.Management.Shapes;
using EdgeProxy.ControlPlane.Records;
using EdgeProxy.ControlPlane.Wire;

namespace EdgeProxy.ControlPlane.Management.V1;

/// <summary>ImportApiKeys: a CSV file of keys, all in one change (control-plane.md 1.6; security.md 9). A key whose value is there already takes what the file says of it.</summary>
/// <remarks>A row that cannot be taken is a warning, and a fault when the client asks for that; a file that cannot be read to its end is always one.</remarks>
internal sealed class ImportApiKeys
{
    private const int MostWarnings = 100;

    private readonly Call _call;
    private readonly Dictionary<string, string> _idsByValue = new(StringComparer.Ordinal);
    private readonly Dictionary<string, WireValue> _keys = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Dictionary<string, Record>> _plans = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (List<WireValue> Plans, string? Wrong)> _spelled = new(StringComparer.Ordinal);
    private readonly HashSet<string> _before = new(StringComparer.Ordinal);
    private readonly List<string> _warnings = [];
    private readonly List<string> _ids = [];
    private Dictionary<string, List<string>>? _plansBefore;
    private int _more;

    private ImportApiKeys(Call call) => _call = call;

    /// <summary>Runs the operation.</summary>
    public static Reply Run(Call call)
    {
        string format = call.Query("format") ?? "";
        if (format != "csv") return CheckShape.Invalid([CheckShape.NotInSet(format, "format", ["csv"])]);
        return new ImportApiKeys(call).Read();
    }

    private Reply Read()
    {
        var problems = new ProblemList();
        using var stream = new MemoryStream(_call.Request.Body.ToArray(), writable: false);
        var reader = new ApiKeyFileReader(stream, "the body", problems);
        if (!reader.TryReadColumns()) return Reply.BadRequest(TextOf(problems));
        foreach (Record key in _call.Book.All(Scopes.Account, Kinds.ApiKey)) _idsByValue[Encoding.ASCII.GetString(new ApiKeyHead(key.Json.Span).Value(key.Json.Span))] = key.Key;
        while (reader.TryRead()) Take(reader);
        foreach (Problem problem in problems)
        {
            if (problem.Code == ProblemCode.Syntax) return Reply.BadRequest(problem.Message);
            Warn(problem.Origin?.Line ?? 0, problem.Message);
        }

        if (_more > 0) _warnings.Add($"{_more} warnings more");
        if (_warnings.Count > 0 && _call.IsTrue("failonwarnings")) return Reply.BadRequest(string.Join("; ", _warnings));
        int most = _call.Options.Limits.ApiKeys;
        if (_call.Book.All(Scopes.Account, Kinds.ApiKey).Count + _keys.Count - _before.Count > most) return Reply.LimitExceeded(LimitNames.ApiKeys, $"Maximum number of API Keys has been reached: {most}");
        _call.Book.PutAll(Scopes.Account, Kinds.ApiKey, _ids.ConvertAll(id => ApiKeyHead.Write(_keys[id])));
        foreach ((string plan, Dictionary<string, Record> keys) in _plans) _call.Book.PutAll(Scopes.UsagePlan(plan), Kinds.UsagePlanKey, keys.Values);
        return Reply.Of(WireValue.NewObject().Set("ids", WireValue.Of(_ids)).Set("warnings", WireValue.Of(_warnings)));
    }

    private void Take(ApiKeyFileReader row)
    {
        string value = Encoding.UTF8.GetString(row.Value);
        string name = Encoding.UTF8.GetString(row.Name);
        string description = Encoding.UTF8.GetString(row.Description);
        if ((ApiKeyOperations.WrongValue(value) ?? ApiKeyOperations.WrongTexts(name, description)) is { } wrong)
        {
            Warn(row.Line, wrong);
            return;
        }

        string written = Encoding.ASCII.GetString(ApiKeyHead.Written(value));
        if (!_idsByValue.TryGetValue(written, out string? id))
        {
            id = Ids.New(Ids.Long, taken => _keys.ContainsKey(taken) || ApiKeyOperations.IsTaken(_call, taken));
            _idsByValue.Add(written, id);
        }

        if (!_keys.TryGetValue(id, out WireValue? key))
        {
            if (_call.Book.Find(Scopes.Account, Kinds.ApiKey, id) is { } found)
            {
                key = found.Open();
                _before.Add(id);
            }
            else
            {
                key = WireValue.NewObject().Set("id", id).Set("value", value).Set("createdDate", _call.NowSeconds).Set("stageKeys", WireValue.NewList());
            }

            _keys.Add(id, key);
            _ids.Add(id);
        }

        key.Set("name", name).Set("enabled", row.IsEnabled).Set("lastUpdatedDate", _call.NowSeconds);
        if (description.Length > 0) key.Set("description", description);
        if (!row.PlanIds.IsEmpty) PutIntoPlans(id, Encoding.UTF8.GetString(row.PlanIds), row.Line);
    }

    private void PutIntoPlans(string id, string planIds, int line)
    {
        // Keys mostly come in some plans, said the same way again and again.
        if (!_spelled.TryGetValue(planIds, out (List<WireValue> Plans, string? Wrong) spelled))
        {
            spelled = PlansOf(id, planIds);
            _spelled.Add(planIds, spelled);
        }

        List<WireValue> plans = spelled.Plans;
        string? wrong = spelled.Wrong;
        List<string> others = PlansWith(id);
        if (others.Count > 0 && wrong is null)
        {
            List<WireValue> all = [.. plans];
            foreach (string other in others)
            {
                if (!plans.Exists(plan => plan.TextOf("id") == other) && _call.Book.Find(Scopes.Account, Kinds.UsagePlan, other) is { } found) all.Add(found.Open());
            }

            wrong = UsagePlanKeyOperations.WrongPlans(_call, id, all)?.Message;
        }

        if (wrong is not null)
        {
            Warn(line, wrong);
            return;
        }

        foreach (WireValue plan in plans)
        {
            string planId = plan.TextOf("id")!;
            if (!_plans.TryGetValue(planId, out Dictionary<string, Record>? keys)) _plans.Add(planId, keys = new Dictionary<string, Record>(StringComparer.Ordinal));
            keys[id] = UsagePlanKeyOperations.RecordOf(id);
        }
    }

    private (List<WireValue> Plans, string? Wrong) PlansOf(string id, string planIds)
    {
        var plans = new List<WireValue>();
        foreach (string planId in planIds.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (_call.Book.Find(Scopes.Account, Kinds.UsagePlan, planId) is not { } found) return (plans, UsagePlanOperations.Unknown);
            if (!plans.Exists(plan => plan.TextOf("id") == planId)) plans.Add(found.Open());
        }

        return (plans, UsagePlanKeyOperations.WrongPlans(_call, id, plans)?.Message);
    }

    // Plans in which a key is from before, or from an earlier row.
    private List<string> PlansWith(string id)
    {
        var plans = new List<string>();
        foreach ((string plan, Dictionary<string, Record> keys) in _plans)
        {
            if (keys.ContainsKey(id)) plans.Add(plan);
        }

        if (!_before.Contains(id)) return plans;
        _plansBefore ??= ReadPlansBefore();
        if (_plansBefore.TryGetValue(id, out List<string>? before)) plans.AddRange(before);
        return plans;
    }

    private Dictionary<string, List<string>> ReadPlansBefore()
    {
        var plansByKey = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        foreach (RecordScope plan in _call.Book.ScopesBelow(Scopes.UsagePlans))
        {
            foreach (Record key in plan.All(Kinds.UsagePlanKey))
            {
                if (!plansByKey.TryGetValue(key.Key, out List<string>? plans)) plansByKey.Add(key.Key, plans = []);
                plans.Add(plan.Id[Scopes.UsagePlans.Length..]);
            }
        }

        return plansByKey;
    }

    private void Warn(int line, string message)
    {
        if (_warnings.Count < MostWarnings) _warnings.Add(line == 0 ? message : $"Line {line}: {message}");
        else _more++;
    }

    private static string TextOf(ProblemList problems)
    {
        foreach (Problem problem in problems) return problem.Message;
        return "";
    }
}
