using EdgeProxy.Compiler;
using EdgeProxy.Compiler.Passes;
using EdgeProxy.Compiler.Problems;
using EdgeProxy.Control;
using EdgeProxy.Gateway.UsagePlans;
using EdgeProxy.Settings;

namespace EdgeProxy.Tests.Process.Control;

public sealed class ApiKeyLoaderTests : IDisposable
{
    private const string Value = "abcdefghijklmnopqrst";

    private readonly Workspace _work = new();
    private readonly ProblemList _problems = new();

    public void Dispose() => _work.Dispose();

    [Fact]
    public void Two_keys_of_the_settings_with_one_value_are_refused_without_telling_it()
    {
        Load($"apiKeys: {{keys: [{{id: ann, value: {Value}}}, {{value: {Value}2}}, {{value: {Value}}}]}}");
        string line = Assert.Single(_problems).ToString()!;
        Assert.Contains("The API keys ann and apiKeys.keys[2] have the same value. Give one of them another.", line, StringComparison.Ordinal);
        Assert.DoesNotContain(Value, line, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_may_give_a_key_of_the_settings_another_id()
    {
        _work.Write("keys.csv", $"name,key,id\nAnn,{Value},ann2\n");
        Load($"apiKeys: {{keys: [{{id: ann, value: {Value}}}], file: keys.csv}}");
        Assert.Empty(_problems);
    }

    [Fact]
    public void A_file_that_is_not_there_is_told_in_words()
    {
        Load("apiKeys: {file: none.csv}");
        Assert.EndsWith("none.csv cannot be read: there is no such file.", Assert.Single(_problems).Message, StringComparison.Ordinal);
    }

    private void Load(string text)
    {
        _work.Write("edgeproxy.yaml", text + "\n");
        NodeSettings settings = SettingsReader.Read(new SettingSources { WorkingDirectory = _work.Folder, File = "edgeproxy.yaml" }, _problems)!;
        UsagePlanSet plans = CompileUsagePlans.Run(settings.UsagePlans, new UsageLedger(), _problems);
        ApiKeyLoader.Load(settings, plans, _problems);
    }
}
