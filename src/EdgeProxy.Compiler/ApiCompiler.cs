using EdgeProxy.Compiler.Passes;
using EdgeProxy.Compiler.Problems;
using EdgeProxy.Definitions;
using EdgeProxy.Gateway.Snapshots;

namespace EdgeProxy.Compiler;

/// <summary>Definitions to problems, or to a plan: the passes in their order.</summary>
public static class ApiCompiler
{
    /// <summary>Judges a definition, reporting everything wrong or unsupported at once.</summary>
    public static void Check(ApiDefinition api, CheckOptions options, ProblemList problems)
    {
        CheckDefinitions.Run(api, options, problems);
        CheckSupport.Run(api, problems);
        CompileModels.Run(api, options, problems);
        CompileTemplates.Run(api, problems);
    }

    /// <summary>Compiles a definition; null when it has errors. What is unsupported is compiled closed.</summary>
    internal static DeploymentPlan? Compile(ApiDefinition api, CheckOptions options, ProblemList problems)
    {
        var found = new ProblemList();
        CheckDefinitions.Run(api, options, found);
        IReadOnlyList<Serving> serving = CheckSupport.Run(api, found);
        CompileModels models = CompileModels.Run(api, options, found);
        CompileTemplates templates = CompileTemplates.Run(api, found);
        DeploymentPlan? plan = found.HasErrors ? null : BuildRoutes.Run(api, serving, models, templates, options, found);
        problems.AddRange(found);
        return found.HasErrors ? null : plan;
    }
}
