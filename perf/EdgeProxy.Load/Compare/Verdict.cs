namespace EdgeProxy.Load.Compare;

/// <summary>How a figure stands to what was promised.</summary>
internal enum Verdict
{
    Missed,
    Must,
    Goal,
}
