namespace EdgeProxy.Tests;

/// <summary>A test of what only optimised code promises: in a debug build every async method allocates its state machine.</summary>
public sealed class ReleaseFactAttribute : FactAttribute
{
    public ReleaseFactAttribute()
    {
#if DEBUG
        Skip = "Holds in release builds only: run with -c Release.";
#endif
    }
}
