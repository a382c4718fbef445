using System.Security.Cryptography;
using System.Text;
using EdgeProxy.Compiler.Problems;
using EdgeProxy.Definitions;
using EdgeProxy.Gateway.UsagePlans;

namespace EdgeProxy.Compiler.Passes;

/// <summary>Judges API keys one after the other and puts them into the table by which requests are known (rest-api.md 9.1). A million are usual.</summary>
internal sealed class CompileApiKeys : IDisposable
{
    private const int LongestId = 64;
    private const int IdLength = 10;

    private readonly UsagePlanSet _plans;
    private readonly ProblemList _problems;
    private readonly KeyTableBuilder _builder;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    // Keys mostly come in some plans, said the same way again and again.
    private readonly NameTable _spelled = new();
    private readonly List<UsagePlanLive[]?> _spelledPlans = [];
    private readonly NameTable _listed = new();
    private readonly List<List<UsagePlanLive>> _listedPlans = [];
    private readonly HashSet<int> _missing = [];
    private readonly List<UsagePlanLive> _both = [];
    private readonly Dictionary<UsagePlanLive[], string> _memberships = new(ReferenceEqualityComparer.Instance);
    private readonly KeyTable? _under;

    /// <param name="plans">The plans that keys are in.</param>
    /// <param name="problems">Gets what is wrong.</param>
    /// <param name="filed">The keys of files, which these lie over; null when these are them.</param>
    public CompileApiKeys(UsagePlanSet plans, ProblemList problems, FiledKeys? filed = null)
    {
        _plans = plans;
        _problems = problems;
        _under = filed?.Table;
        _builder = new KeyTableBuilder(plans.Ledger, plans.Configuration, _under, isFiled: filed is null);
        foreach ((UsagePlanDefinition definition, UsagePlan plan) in plans.Plans)
        {
            foreach (string id in definition.KeyIds) List(id, plan, definition);
        }
    }

    /// <summary>Adds a key. One with the value of an earlier one takes its place.</summary>
    /// <param name="value">Its value.</param>
    /// <param name="id">Its id; empty to make one of the value, always the same.</param>
    /// <param name="isEnabled">Whether it opens anything.</param>
    /// <param name="planIds">Ids of plans it is in, with commas between them, besides those that list it.</param>
    /// <param name="origin">Where it is written, asked for when there is a problem.</param>
    public void Add(ReadOnlySpan<byte> value, scoped ReadOnlySpan<byte> id, bool isEnabled, ReadOnlySpan<byte> planIds, Func<Origin?> origin)
    {
        if (!IsValue(value))
        {
            _problems.Error(ProblemCode.BadFormat, origin(), $"An API key has a value of {value.Length} bytes; it takes {KeyTable.LeastValue} to {KeyTable.MostValue} visible characters of ASCII. Correct it.");
            return;
        }

        Span<byte> made = stackalloc byte[IdLength];
        if (id.IsEmpty)
        {
            MakeId(value, made);
            id = made;
        }
        else if (!IsId(id))
        {
            _problems.Error(ProblemCode.BadFormat, origin(), $"An API key has the id \"{Encoding.UTF8.GetString(id[..Math.Min(id.Length, LongestId)])}\"; ids have 1 to {LongestId} letters, digits, \"-\" and \"_\". Correct it.");
            return;
        }

        ReadOnlySpan<UsagePlanLive> plans = PlansOf(id, planIds, origin);
        if (!CanBeIn(plans, id, origin)) return;
        if (_builder.TryAdd(value, id, isEnabled, plans)) return;
        _problems.Error(ProblemCode.NotAllowed, origin(), $"Two API keys have the id {Encoding.UTF8.GetString(id)}. Give one of them another.");
    }

    /// <summary>The table of the keys of files. A plan may list others.</summary>
    public FiledKeys BuildFiled() => new(_builder.Build(), _plans.Configuration, _memberships);

    /// <summary>Two plans of a key that list one API stage, so that a request could not tell by which of them it is counted (rest-api.md 9.1).</summary>
    public static (UsagePlanLive One, UsagePlanLive Other)? OverlapOrNull(UsagePlanSet plans, ReadOnlySpan<UsagePlanLive> membership)
    {
        for (int i = 1; i < membership.Length; i++)
        {
            for (int j = 0; j < i; j++)
            {
                if (plans.Overlap(membership[i], membership[j])) return (membership[j], membership[i]);
            }
        }

        return null;
    }

    public static void TellOverlap(ProblemList problems, Origin? origin, string key, UsagePlanLive one, UsagePlanLive other) =>
        problems.Error(ProblemCode.NotAllowed, origin, $"The API key {key} is in the usage plans {one.Id} and {other.Id}, which list the same API stage. A key takes one plan for each: remove it from one of them.");

    public static void TellMissing(ProblemList problems, Origin? origin, string plan) =>
        problems.Error(ProblemCode.UnknownName, origin, $"An API key is in the usage plan {(plan.Length > LongestId ? plan[..LongestId] + "..." : plan)}, and there is none with that id. Correct it, or describe the plan in usagePlans.");

    /// <summary>The table.</summary>
    public KeyTable Build()
    {
        foreach (int missing in _missing)
        {
            if (_under is not null && _plans.Ledger.FindKey(_listed[missing]) is var known && known >= 0 && _under.NumberOf(known) >= 0) continue;
            UsagePlanDefinition definition = _plans.Plans.First(plan => plan.Definition.KeyIds.Contains(_listed.TextOf(missing))).Definition;
            _problems.Error(ProblemCode.UnknownName, definition.Origin, $"The usage plan {definition.Id} lists the API key {_listed.TextOf(missing)}, and there is none with that id. Correct it, or describe the key in apiKeys.");
        }

        return _builder.Build();
    }

    public void Dispose() => _hash.Dispose();

    private void List(string id, UsagePlan plan, UsagePlanDefinition definition)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(id);
        if (!IsId(bytes))
        {
            _problems.Error(ProblemCode.BadFormat, definition.Origin, $"The usage plan {definition.Id} lists the API key \"{id}\", which is no id. Correct it.");
            return;
        }

        int number = _listed.Add(bytes);
        if (number == _listedPlans.Count) _listedPlans.Add([]);
        if (!_listedPlans[number].Contains(plan.Live)) _listedPlans[number].Add(plan.Live);
        _missing.Add(number);
    }

    private ReadOnlySpan<UsagePlanLive> PlansOf(scoped ReadOnlySpan<byte> id, scoped ReadOnlySpan<byte> planIds, Func<Origin?> origin)
    {
        UsagePlanLive[] named = planIds.IsEmpty ? [] : Named(planIds, origin);
        int listed = _listed.Count == 0 ? -1 : _listed.Find(id);
        if (listed < 0)
        {
            if (_under is null && named.Length > 0 && !_memberships.ContainsKey(named)) _memberships.Add(named, Encoding.UTF8.GetString(id));
            return named;
        }

        _missing.Remove(listed);
        _both.Clear();
        _both.AddRange(named);
        foreach (UsagePlanLive plan in _listedPlans[listed])
        {
            if (!_both.Contains(plan)) _both.Add(plan);
        }

        if (_under is null) _memberships.Add([.. _both], Encoding.UTF8.GetString(id));
        return System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_both);
    }

    private UsagePlanLive[] Named(ReadOnlySpan<byte> planIds, Func<Origin?> origin)
    {
        bool isShort = planIds.Length <= NameTable.MostBytes;
        int known = isShort ? _spelled.Find(planIds) : -1;
        if (known >= 0 && _spelledPlans[known] is { } found) return found;
        var plans = new List<UsagePlanLive>();
        bool allKnown = true;
        foreach (string id in Encoding.UTF8.GetString(planIds).Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (_plans.FindOrNull(id) is { } plan)
            {
                if (!plans.Contains(plan.Live)) plans.Add(plan.Live);
                continue;
            }

            allKnown = false;
TellMissing(_problems, origin(), id);
        }

        UsagePlanLive[] named = [.. plans];
        if (!isShort || !allKnown) return named;
        _spelled.Add(planIds);
        _spelledPlans.Add(named);
        return named;
    }

    private bool CanBeIn(ReadOnlySpan<UsagePlanLive> plans, ReadOnlySpan<byte> id, Func<Origin?> origin)
    {
        if (OverlapOrNull(_plans, plans) is not ({ } one, { } other)) return true;
        TellOverlap(_problems, origin(), Encoding.UTF8.GetString(id), one, other);
        return false;
    }

    private static bool IsValue(ReadOnlySpan<byte> value) =>
        value.Length is >= KeyTable.LeastValue and <= KeyTable.MostValue && !value.ContainsAnyExceptInRange((byte)'!', (byte)'~');

    private static bool IsId(ReadOnlySpan<byte> id)
    {
        if (id.Length is 0 or > LongestId) return false;
        foreach (byte b in id)
        {
            if (!char.IsAsciiLetterOrDigit((char)b) && b is not ((byte)'-' or (byte)'_')) return false;
        }

        return true;
    }

    // Ten of [a-z0-9], as the service's. They show in logs: nobody gets a value of 20 characters back from 51 bits of its digest.
    private void MakeId(ReadOnlySpan<byte> value, Span<byte> id)
    {
        Span<byte> digest = stackalloc byte[32];
        _hash.AppendData("edgeproxy api key\n"u8);
        _hash.AppendData(value);
        _hash.GetHashAndReset(digest);
        ulong number = System.Buffers.Binary.BinaryPrimitives.ReadUInt64LittleEndian(digest);
        for (int i = 0; i < IdLength; i++)
        {
            id[i] = "abcdefghijklmnopqrstuvwxyz0123456789"u8[(int)(number % 36)];
            number /= 36;
        }
    }
}
