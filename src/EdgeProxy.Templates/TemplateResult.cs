namespace EdgeProxy.Templates;

/// <summary>How a run of a template ended.</summary>
/// <param name="Fault">None when it ran to its end or to <c>#stop</c>.</param>
/// <param name="Line">Where it was stopped, counted from 1; 0 without a fault.</param>
/// <param name="Column">Counted from 1, in characters.</param>
public readonly record struct TemplateResult(TemplateFault Fault, int Line, int Column)
{
    public bool IsOk => Fault == TemplateFault.None;

    /// <summary>Whether a <c>#foreach</c> ended at the limit of iterations with elements left.</summary>
    public bool HasCutLoop { get; init; }

    /// <summary>A sentence for the log.</summary>
    public string Message => Fault switch
    {
        TemplateFault.None => "The template ran to its end.",
        TemplateFault.TooManySteps => "The template was stopped: it took more steps than allowed.",
        TemplateFault.OutputTooLarge => "The template was stopped: its output grew larger than allowed.",
        TemplateFault.TooMuchMemory => "The template was stopped: its texts took more memory than allowed.",
        TemplateFault.TooManyItems => "The template was stopped: its lists, maps and JSON have more elements than allowed.",
        TemplateFault.NestedTooDeeply => "The template was stopped: values are nested more deeply than allowed.",
        TemplateFault.CallsTooDeep => "The template was stopped: calls are nested more deeply than allowed.",
        TemplateFault.InvalidJson => "The text is not JSON.",
        TemplateFault.InvalidJsonPath => "The text is not a JSONPath.",
        TemplateFault.InvalidBase64 => "The text is not base64.",
        TemplateFault.InvalidUrlCode => "The text has a % that is not followed by two hexadecimal digits.",
        TemplateFault.InvalidPattern => "The text is not a regular expression that is supported.",
        TemplateFault.PatternTooCostly => "The template was stopped: a regular expression took more steps than allowed.",
        TemplateFault.InvalidNumber => "The text is not a number of that kind.",
        TemplateFault.InvalidFormat => "The format and its arguments do not fit together.",
        TemplateFault.IndexOutOfRange => "An index is outside of the value.",
        TemplateFault.NoSuchElement => "There is no further element.",
        _ => "The text given to #evaluate is not a template.",
    };
}
