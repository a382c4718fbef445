namespace EdgeProxy.Core.Patterns;

/// <summary>One instruction of a pattern.</summary>
internal readonly struct PatternStep(PatternCode code, int a, int b)
{
    public const int IgnoresCase = 1;
    public const int EmptyWhenUnset = 2;

    public readonly PatternCode Code = code;
    public readonly int A = a;
    public readonly int B = b;
}
