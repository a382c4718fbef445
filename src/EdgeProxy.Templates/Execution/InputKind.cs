namespace EdgeProxy.Templates.Execution;

/// <summary>What is asked of <see cref="ITemplateInputs"/>.</summary>
internal enum InputKind : byte
{
    Parameter,
    ParameterName,
    ParameterValue,
    StageVariable,
    StageVariableName,
    Context,
    ContextMemberName,
}
