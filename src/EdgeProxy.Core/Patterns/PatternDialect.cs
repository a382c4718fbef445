namespace EdgeProxy.Core.Patterns;

/// <summary>Whose regular expressions are read.</summary>
public enum PatternDialect : byte
{
    /// <summary>ECMA 262, 22.2.1 with annex B, so that needless escapes and lone braces are themselves: JSON Schema's.</summary>
    Ecma,

    /// <summary>java.util.regex: those of selection patterns and of templates.</summary>
    Java,
}
