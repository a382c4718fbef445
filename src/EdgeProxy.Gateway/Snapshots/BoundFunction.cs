using System.Text;
using EdgeProxy.Gateway.Mapping;
using EdgeProxy.Lambda.Invocation;

namespace EdgeProxy.Gateway.Snapshots;

/// <summary>The function of a Lambda integration with one stage's variables in place.</summary>
/// <remarks>
/// A placeholder may choose among functions of one account and region: what a request brings can be part of the function's name or its qualifier and holds
/// letters, digits, <c>-</c> and <c>_</c> only, so that it never makes another ARN. Functions chosen so are remembered, the first
/// <see cref="MostRemembered"/> of them; only what is beyond costs an allocation.
/// </remarks>
internal sealed class BoundFunction
{
    /// <summary>Functions that a placeholder chose, kept for the next request that chooses them.</summary>
    public const int MostRemembered = 64;

    private readonly FunctionName? _fixed;
    private readonly (string Text, int Mapping)[] _parts;
    private (byte[] Values, FunctionName Function)[] _remembered = [];

    private BoundFunction(FunctionName? function, (string, int)[] parts)
    {
        _fixed = function;
        _parts = parts;
    }

    /// <summary>Why no function can be called, or null. Requests for it answer 500 <c>API_CONFIGURATION_ERROR</c>.</summary>
    public string? Problem { get; private init; }

    /// <summary>The function of every request; null where a placeholder chooses, or with a <see cref="Problem"/>.</summary>
    public FunctionName? Constant => _fixed;

    /// <summary>Puts a stage's variables in place.</summary>
    /// <param name="template">The URI.</param>
    /// <param name="variables">The stage's variables; an unknown one is empty.</param>
    /// <param name="mappings">The integration's request parameters, among which placeholders are looked up.</param>
    public static BoundFunction Bind(UriTemplate template, StageVariables variables, ReadOnlySpan<ParameterMapping> mappings)
    {
        var parts = new List<(string Text, int Mapping)>();
        var text = new StringBuilder();
        foreach (UriSegment segment in template.Segments)
        {
            switch (segment.Kind)
            {
                case UriSegmentKind.Literal:
                    text.Append(segment.Text.ToString());
                    break;
                case UriSegmentKind.StageVariable:
                    text.Append(Encoding.UTF8.GetString(variables[segment.Text.Span]));
                    break;
                default:
                    int mapping = IndexOf(mappings, segment.Text);
                    if (mapping < 0) return Wrong("A placeholder has no path parameter mapped to it.");
                    parts.Add((text.ToString(), mapping));
                    text.Clear();
                    break;
            }
        }

        if (parts.Count == 0)
        {
            FunctionUri uri = FunctionUri.Parse(text.ToString());
            return uri.Function is { } function ? new BoundFunction(function, []) : Wrong(uri.Problem ?? "The service is not Lambda.");
        }

        parts.Add((text.ToString(), -1));
        FunctionUri one = FunctionUri.Parse(Join(parts, "a"));
        FunctionUri other = FunctionUri.Parse(Join(parts, "b"));
        if (one.Function is null || other.Function is null) return Wrong(one.Problem ?? "The service is not Lambda.");
        bool isElsewhere = one.Function with { Name = "", Qualifier = "" } != other.Function with { Name = "", Qualifier = "" } || one.Function == other.Function;
        return isElsewhere ? Wrong("A placeholder stands elsewhere than in the function's name or qualifier.") : new BoundFunction(null, [.. parts]);
    }

    /// <summary>The function of a request; null when its values make none.</summary>
    public FunctionName? FunctionOrNull(RequestContext request)
    {
        if (_parts.Length == 0) return _fixed;
        Span<byte> values = stackalloc byte[256];
        var writer = new Core.Buffers.ByteWriter(values);
        foreach ((_, int mapping) in _parts)
        {
            if (mapping < 0) break;
            int before = writer.Length;
            ValueReader.Write(request.Route!.Integration.RequestParameters[mapping].Source, request, ref writer);
            if (writer.Overflowed || writer.Length == before || !IsName(writer.Written[before..])) return null;
            writer.Write((byte)'/');
        }

        if (writer.Overflowed) return null;
        (byte[] Values, FunctionName Function)[] remembered = Volatile.Read(ref _remembered);
        foreach ((byte[] known, FunctionName function) in remembered)
        {
            if (writer.Written.SequenceEqual(known)) return function;
        }

        return Make(writer.Written, remembered, remembers: !request.Services.IsRehearsal);
    }

    private FunctionName? Make(ReadOnlySpan<byte> values, (byte[] Values, FunctionName Function)[] remembered, bool remembers)
    {
        string[] filled = Encoding.ASCII.GetString(values).Split('/');
        var text = new StringBuilder();
        for (int i = 0; i < _parts.Length; i++) text.Append(_parts[i].Text).Append(_parts[i].Mapping < 0 ? "" : filled[i]);
        if (FunctionUri.Parse(text.ToString()).Function is not { } function) return null;

        // Another loop may do the same at this moment; the one that loses is made again some time.
        if (remembers && remembered.Length < MostRemembered) Volatile.Write(ref _remembered, [.. remembered, (values.ToArray(), function)]);
        return function;
    }

    private static string Join(List<(string Text, int Mapping)> parts, string value) => string.Join(value, parts.ConvertAll(static part => part.Text));

    private static bool IsName(ReadOnlySpan<byte> value)
    {
        foreach (byte c in value)
        {
            if (!char.IsAsciiLetterOrDigit((char)c) && c is not ((byte)'-' or (byte)'_')) return false;
        }

        return true;
    }

    private static int IndexOf(ReadOnlySpan<ParameterMapping> mappings, Utf8Text name)
    {
        for (int i = 0; i < mappings.Length; i++)
        {
            if (mappings[i].Target == MappingTarget.Path && mappings[i].Name.Span.SequenceEqual(name.Span)) return i;
        }

        return -1;
    }

    private static BoundFunction Wrong(string problem) => new(null, []) { Problem = problem };
}
