using System.Text;
using EdgeProxy.Compiler;
using EdgeProxy.Compiler.Passes;
using EdgeProxy.Compiler.Problems;
using EdgeProxy.Definitions;
using EdgeProxy.Gateway.UsagePlans;

namespace EdgeProxy.Tests.Compiler.Passes;

public sealed class CompileApiKeysTests
{
    private const string Value = "0123456789012345678901234567890123456789";

    private readonly ProblemList _problems = new();
    private readonly UsageLedger _ledger = new();

    [Fact]
    public void Makes_an_id_that_is_always_the_same_for_a_value()
    {
        string first = IdOf(Compile([], (Value, "", ""), (Value + "x", "", "")), Value);
        Assert.Matches("^[a-z0-9]{10}$", first);
        Assert.Equal(first, IdOf(Compile([], (Value, "", "")), Value));
        Assert.NotEqual(first, IdOf(Compile([], (Value + "x", "", "")), Value + "x"));
        Assert.Empty(_problems);
    }

    [Fact]
    public void Puts_a_key_into_the_plans_that_it_names_and_those_that_list_it()
    {
        KeyTable table = Compile([Plan("a", "s1"), Plan("b", "s2", "key-1"), Plan("c", "s3", "key-1")], (Value, "key-1", " a , b,,"), (Value + "x", "key-2", "c"));
        Assert.Equal(["a", "b", "c"], PlansOf(table, Value));
        Assert.Equal(["c"], PlansOf(table, Value + "x"));
        Assert.Empty(_problems);
    }

    [Theory]
    [InlineData("too-short", "k", "", ProblemCode.BadFormat)]
    [InlineData("with a space in the middle of it", "k", "", ProblemCode.BadFormat)]
    [InlineData("with-a-letter-beyond-ascii-é-in-it", "k", "", ProblemCode.BadFormat)]
    [InlineData(Value, "a b", "", ProblemCode.BadFormat)]
    [InlineData(Value, "k", "nobody", ProblemCode.UnknownName)]
    [InlineData(Value, "k", "a,b", ProblemCode.NotAllowed)]
    [InlineData(Value + "x", "taken", "", ProblemCode.NotAllowed)]
    public void Refuses_what_cannot_be_a_key_without_telling_its_value(string value, string id, string plans, ProblemCode code)
    {
        Compile([Plan("a", "s1"), Plan("b", "s1")], ("taken-taken-taken-taken", "taken", ""), (value, id, plans));
        Problem problem = Assert.Single(_problems);
        Assert.Equal((code, ProblemSeverity.Error, 7), (problem.Code, problem.Severity, problem.Origin!.Line));
        Assert.DoesNotContain(value, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Misses_keys_that_a_plan_lists_and_nobody_describes()
    {
        Compile([Plan("a", "s1", "here", "gone")], (Value, "here", ""));
        Problem problem = Assert.Single(_problems);
        Assert.Equal(ProblemCode.UnknownName, problem.Code);
        Assert.Contains("gone", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Lets_the_last_of_several_with_one_value_count()
    {
        KeyTable table = Compile([Plan("a", "s1"), Plan("b", "s1")], (Value, "old", "a"), (Value, "new", "b"));
        Assert.Empty(_problems);
        Assert.Equal(1, table.Count);
        Assert.Equal("new", IdOf(table, Value));
        Assert.Equal(["b"], PlansOf(table, Value));
    }

    private static UsagePlanDefinition Plan(string id, string stage, params string[] keys) => new() { Id = id, Stages = [new UsagePlanStageDefinition("api", stage, [], null)], KeyIds = keys };

    private KeyTable Compile(UsagePlanDefinition[] plans, params (string Value, string Id, string Plans)[] keys)
    {
        UsagePlanSet set = CompileUsagePlans.Run(plans, _ledger, _problems);
        using var compiler = new CompileApiKeys(set, _problems);
        foreach ((string value, string id, string of) in keys) compiler.Add(Encoding.UTF8.GetBytes(value), Encoding.UTF8.GetBytes(id), true, Encoding.UTF8.GetBytes(of), static () => new Origin("keys.csv", "", 7, 1));
        return compiler.Build();
    }

    private string IdOf(KeyTable table, string value) => Encoding.UTF8.GetString(_ledger.KeyId(table[table.Find(Encoding.UTF8.GetBytes(value))].Key));

    private string[] PlansOf(KeyTable table, string value)
    {
        ref readonly ApiKeyRecord key = ref table[table.Find(Encoding.UTF8.GetBytes(value))];
        return Array.ConvertAll(table.RowsOf(in key).ToArray(), row => ((string[])["a", "b", "c"]).Single(id => _ledger.PlanOf(id).Ordinal == _ledger.CellOf(row).Row.Plan));
    }
}
