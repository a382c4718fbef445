namespace EdgeProxy.Compiler.Mappings;

/// <summary>Templates that need no engine.</summary>
public static class ConstantTemplate
{
    /// <summary>True for a template that renders to itself: without references (<c>$</c>) and directives (<c>#</c>).</summary>
    public static bool Is(string template) => template.AsSpan().IndexOfAny('$', '#') < 0;
}
