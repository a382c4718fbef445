using EdgeProxy.Http.Messages;

namespace EdgeProxy.Gateway.Routing;

/// <summary>Sets of the methods a route can have, a bit each.</summary>
internal static class RoutableMethods
{
    /// <summary>What <c>ANY</c> stands for: DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT, and nothing else (rest-api.md 1.5).</summary>
    public const byte Any = 0b0111_1111;

    /// <summary>The bit of one method; 0 for those that no route can have (TRACE, CONNECT and unknown ones).</summary>
    public static int Bit(HttpMethod method)
    {
        uint place = (uint)method - (uint)HttpMethod.Get;
        return place <= HttpMethod.Options - HttpMethod.Get ? 1 << (int)place : 0;
    }
}
