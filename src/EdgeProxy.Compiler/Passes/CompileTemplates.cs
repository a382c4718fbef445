using System.Globalization;
using System.Text;
using EdgeProxy.Compiler.Mappings;
using EdgeProxy.Compiler.Problems;
using EdgeProxy.Definitions;
using EdgeProxy.Gateway.Integrations.Mock;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Templates;
using IntegrationKind = EdgeProxy.Definitions.IntegrationKind;

namespace EdgeProxy.Compiler.Passes;

/// <summary>Compiles the mapping templates of integrations, and says what is wrong with them (rest-api.md 6).</summary>
/// <remarks>
/// API Gateway takes a template with an error and answers each request that meets it 500, and so do we: a warning. One that is longer than it takes is an
/// error. Templates with the same text are compiled once.
/// </remarks>
internal sealed class CompileTemplates
{
    private readonly Dictionary<string, (Template? Program, TemplateProblem? Problem)> _compiled = new(StringComparer.Ordinal);
    private readonly Dictionary<(string MediaType, string Text), BodyTemplate> _plans = [];
    private readonly Dictionary<string, bool> _mocks = new(StringComparer.Ordinal);

    /// <summary>Runs the pass.</summary>
    public static CompileTemplates Run(ApiDefinition api, ProblemList problems)
    {
        var templates = new CompileTemplates();
        if (api.Kind != Definitions.ApiKind.Rest) return templates;
        foreach (MethodDefinition method in api.Methods)
        {
            // Proxy types look at no template (5.1).
            if (method.Integration is not { Kind: IntegrationKind.Http or IntegrationKind.Mock or IntegrationKind.Aws } integration) continue;
            foreach (TemplateDefinition template in integration.RequestTemplates) templates.Check(template, "request", integration.Kind == IntegrationKind.Mock, problems);
            foreach (IntegrationResponseDefinition response in integration.Responses)
            {
                foreach (TemplateDefinition template in response.ResponseTemplates) templates.Check(template, "response", isMockStatus: false, problems);
            }
        }

        return templates;
    }

    /// <summary>A template as requests meet it, the same one for the same text.</summary>
    public BodyTemplate PlanOf(TemplateDefinition template)
    {
        if (_plans.TryGetValue((template.MediaType, template.Text), out BodyTemplate? known)) return known;
        BodyTemplate made;
        if (ConstantTemplate.Is(template.Text)) made = new BodyTemplate(template.MediaType, template.Text);
        else made = Compile(template.Text).Program is { } program ? new BodyTemplate(template.MediaType, program) : BodyTemplate.Broken(template.MediaType);
        _plans.Add((template.MediaType, template.Text), made);
        return made;
    }

    private bool IsMockStatus(string text)
    {
        if (!_mocks.TryGetValue(text, out bool isOne)) _mocks[text] = isOne = MockStatus.TryRead(Encoding.UTF8.GetBytes(text), out _);
        return isOne;
    }

    private (Template? Program, TemplateProblem? Problem) Compile(string text)
    {
        if (_compiled.TryGetValue(text, out (Template? Program, TemplateProblem? Problem) known)) return known;
        Template.TryCompile(text, out Template? program, out TemplateProblem? problem);
        return _compiled[text] = (program, problem);
    }

    private void Check(TemplateDefinition template, string place, bool isMockStatus, ProblemList problems)
    {
        if (Encoding.UTF8.GetByteCount(template.Text) > TemplateLimits.LongestTemplate)
        {
            problems.Error(ProblemCode.BadTemplate, template.Origin, string.Create(CultureInfo.InvariantCulture,
                $"The {place} template of {template.MediaType} is longer than {TemplateLimits.LongestTemplate / 1024} KB, the most that API Gateway takes. Shorten it."));
        }
        else if (!ConstantTemplate.Is(template.Text))
        {
            if (Compile(template.Text).Problem is not { } problem) return;
            problems.Warning(ProblemCode.BadTemplate, OriginOf(template, problem), string.Create(CultureInfo.InvariantCulture,
                $"The {place} template of {template.MediaType} is wrong at line {problem.Line}, column {problem.Column}: {problem.Message} Requests that meet it are answered 500."));
        }
        else if (isMockStatus && template.Text.Length > 0 && !IsMockStatus(template.Text))
        {
            // API Gateway takes it and answers each such call 500, and so do we.
            problems.Warning(ProblemCode.BadMockTemplate, template.Origin, $"The request template of {template.MediaType} is no object with a whole number as statusCode, so calls that use it are answered 500. Write {{\"statusCode\": 200}}.");
        }
    }

    // Where the text stands in the document as it is, its own line and column are known there.
    private static Origin? OriginOf(TemplateDefinition template, TemplateProblem problem) => template switch
    {
        { Origin: { } origin, Start: { } start } => origin with { Line = start.Line + problem.Line - 1, Column = problem.Column - 1 + (problem.Line == 1 || start.IsIndented ? start.Column : 1) },
        _ => template.Origin,
    };
}
