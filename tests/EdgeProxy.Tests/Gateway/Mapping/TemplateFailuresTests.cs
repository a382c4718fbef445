using EdgeProxy.Gateway.Mapping;
using EdgeProxy.Templates;

namespace EdgeProxy.Tests.Gateway.Mapping;

public sealed class TemplateFailuresTests
{
    [Fact]
    public void Every_fault_has_a_label_of_its_own()
    {
        string[] labels = [.. Enum.GetValues<TemplateFault>().Select(TemplateFailures.LabelOf)];
        Assert.Equal(labels.Length, labels.Distinct().Count());
        Assert.Equal([TemplateFault.None], Enum.GetValues<TemplateFault>().Where(static fault => TemplateFailures.LabelOf(fault) == TemplateFailures.NotCompiled));
    }

    [Fact]
    public void Limits_are_named_as_their_settings()
    {
        foreach (string limit in Enum.GetValues<TemplateFault>().Select(TemplateFailures.LimitOf).OfType<string>())
        {
            Assert.NotNull(EdgeProxy.Settings.SettingsReference.Find(limit));
        }
    }
}
