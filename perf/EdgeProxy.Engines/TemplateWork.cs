using System.Text.Json;
using EdgeProxy.Templates;
using EdgeProxy.TestKit;

namespace EdgeProxy.Engines;

/// <summary>Renders <c>orders.vtl</c> for the body <c>orders.json</c>; parameters, variables and context come from <c>inputs.json</c>.</summary>
internal sealed class TemplateWork : IWork
{
    private readonly TemplateStage _stage;
    private readonly Template _template;

    /// <param name="directory">Where the files are.</param>
    /// <exception cref="IOException">One cannot be read.</exception>
    public TemplateWork(string directory)
    {
        _template = TemplateStage.Compile(File.ReadAllText(Path.Combine(directory, "orders.vtl")));
        _stage = new TemplateStage().WithBody(File.ReadAllText(Path.Combine(directory, "orders.json")));
        using JsonDocument inputs = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(directory, "inputs.json")));
        AddParameters(inputs.RootElement.GetProperty("path"), ParameterPlace.Path);
        AddParameters(inputs.RootElement.GetProperty("querystring"), ParameterPlace.QueryString);
        AddParameters(inputs.RootElement.GetProperty("header"), ParameterPlace.Header);
        foreach (JsonProperty variable in inputs.RootElement.GetProperty("stageVariables").EnumerateObject()) _stage.WithStageVariable(variable.Name, variable.Value.GetString()!);
        AddContext(inputs.RootElement.GetProperty("context"), "");
    }

    public int InputLength => _stage.Body.Length;

    public ReadOnlySpan<byte> Run()
    {
        // Each time is another request, which finds nothing set.
        _stage.Overrides.Clear();
        TemplateResult result = _stage.Run(_template);
        return result.IsOk ? _stage.Output : throw new InvalidOperationException($"{result.Line}:{result.Column}: {result.Message}");
    }

    private void AddParameters(JsonElement values, ParameterPlace place)
    {
        foreach (JsonProperty value in values.EnumerateObject()) _stage.With(place, value.Name, value.Value.GetString()!);
    }

    private void AddContext(JsonElement group, string prefix)
    {
        foreach (JsonProperty member in group.EnumerateObject())
        {
            if (member.Value.ValueKind == JsonValueKind.Object) AddContext(member.Value, $"{prefix}{member.Name}.");
            else _stage.WithContext(prefix + member.Name, member.Value.GetString());
        }
    }
}
