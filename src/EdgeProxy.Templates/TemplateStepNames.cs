namespace EdgeProxy.Templates;

/// <summary>What people are told of the steps of a run.</summary>
public static class TemplateStepNames
{
    public static string Of(TemplateStep step) => step switch
    {
        TemplateStep.Reference => "reference",
        TemplateStep.Set => "set",
        TemplateStep.Condition => "condition",
        TemplateStep.Iteration => "iteration",
        TemplateStep.LoopEnd => "loop end",
        TemplateStep.Break => "break",
        TemplateStep.Stop => "stop",
        TemplateStep.Define => "define",
        TemplateStep.Macro => "macro",
        _ => "evaluate",
    };
}
