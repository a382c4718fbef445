using System.Text;
using EdgeProxy.Gateway.Routing;
using EdgeProxy.Http.Messages;

namespace EdgeProxy.Tests.Gateway.Routing;

/// <summary>Builds tables from route keys (<c>GET /pets/{id}</c>) and tells what they answer in the same words.</summary>
internal static class Routes
{
    public static RouteTable<TRules> Table<TRules>(params string[] keys) where TRules : struct, IMatchRules
    {
        RouteTable<TRules> table = Builder<TRules>(keys).Build(out IReadOnlyList<RouteProblem> problems);
        Assert.Empty(problems);
        return table;
    }

    public static IReadOnlyList<RouteProblem> Problems<TRules>(params string[] keys) where TRules : struct, IMatchRules
    {
        Builder<TRules>(keys).Build(out IReadOnlyList<RouteProblem> problems);
        return problems;
    }

    public static RouteTableBuilder<TRules> Builder<TRules>(params string[] keys) where TRules : struct, IMatchRules
    {
        var builder = new RouteTableBuilder<TRules>();
        for (int i = 0; i < keys.Length; i++)
        {
            string[] parts = keys[i].Split(' ', 2);
            int ordinal = parts[0] switch
            {
                "$default" => builder.AddDefault(),
                "ANY" => builder.AddAny(parts[1]),
                _ => builder.Add(Method(parts[0]), parts[1]),
            };
            Assert.Equal(i, ordinal);
        }

        return builder;
    }

    /// <summary>The route that takes <c>GET /pets/1</c> and its values (<c>2: id=1</c>), or "none".</summary>
    public static string Ask<TRules>(RouteTable<TRules> table, string request) where TRules : struct, IMatchRules
    {
        string[] parts = request.Split(' ', 2);
        byte[] path = Encoding.UTF8.GetBytes(parts[1]);
        var match = new RouteMatch();
        if (!table.TryMatch(path, Method(parts[0]), ref match))
        {
            return "none";
        }

        var answer = new StringBuilder().Append(match.Ordinal);
        ReadOnlySpan<string> names = default;
        if (table.TemplateOrNull(match.Ordinal) is { } template)
        {
            names = template.ParameterNames;
        }

        Assert.Equal(names.Length, match.Count);
        for (int i = 0; i < match.Count; i++)
        {
            answer.Append(i == 0 ? ": " : ", ").Append(names[i]).Append('=').Append(Encoding.UTF8.GetString(match.Value(path, i)));
        }

        return answer.ToString();
    }

    private static HttpMethod Method(string name) => Enum.TryParse(name, ignoreCase: true, out HttpMethod method) ? method : HttpMethod.Other;
}
