namespace EdgeProxy.Gateway.Routing;

/// <summary>Why a route is not in the table that was built.</summary>
/// <param name="Ordinal">The route, as the builder numbered it.</param>
/// <param name="Code">What is wrong.</param>
/// <param name="Message">What to change, in a sentence.</param>
/// <param name="Other">For duplicates and conflicts the route that came first, else -1.</param>
internal sealed record RouteProblem(int Ordinal, RouteProblemCode Code, string Message, int Other = -1);
