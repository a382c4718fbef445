using System.Runtime.CompilerServices;

namespace EdgeProxy.Gateway.Routing;

/// <summary>Room for the values of one route's path parameters, in place.</summary>
[InlineArray(Capacity)]
internal struct PathRanges
{
    /// <summary>The most parameters a template may have.</summary>
    public const int Capacity = 32;

    private PathRange _first;
}
