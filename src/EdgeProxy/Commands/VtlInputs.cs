using System.Text;
using System.Text.Json;
using EdgeProxy.Core.Buffers;
using EdgeProxy.Templates;

namespace EdgeProxy.Commands;

/// <summary>A request put together from files and arguments, for <c>edgeproxy vtl</c>.</summary>
internal sealed class VtlInputs : ITemplateInputs
{
    private readonly List<(string Name, byte[] Value)>[] _parameters = [[], [], []];
    private readonly List<(string Name, byte[] Value)> _stageVariables = [];
    private readonly List<byte[]?> _context = [];

    public ReadOnlyMemory<byte> Body { get; set; }

    public ContextCatalog Context { get; private set; } = ContextCatalog.Empty;

    public TemplateOverrides Overrides { get; } = new();

    public int StageVariableCount => _stageVariables.Count;

    /// <summary>Takes a JSON object as <c>$context</c>: objects are groups, integers stay numbers, null is not set.</summary>
    /// <returns>Why it cannot be; null when it can.</returns>
    public string? SetContext(JsonElement context)
    {
        if (context.ValueKind != JsonValueKind.Object) return "it is not an object";
        var names = new List<KeyValuePair<string, int>>();
        var numbers = new List<int>();
        Flatten(context, "", names, numbers);
        Context = new ContextCatalog(names, [.. numbers]);
        return null;
    }

    /// <summary>Takes a JSON object of <c>path</c>, <c>querystring</c> and <c>header</c>.</summary>
    /// <returns>Why it cannot be; null when it can.</returns>
    public string? SetParameters(JsonElement parameters)
    {
        if (parameters.ValueKind != JsonValueKind.Object) return "it is not an object";
        foreach (JsonProperty group in parameters.EnumerateObject())
        {
            if (!TryPlace(group.Name, out ParameterPlace place)) return $"'{group.Name}' is none of path, querystring and header";
            if (group.Value.ValueKind != JsonValueKind.Object) return $"'{group.Name}' is not an object";
            foreach (JsonProperty parameter in group.Value.EnumerateObject()) _parameters[(int)place].Add((parameter.Name, TextOf(parameter.Value)));
        }

        return null;
    }

    /// <summary>Adds a parameter written as <c>place.name=value</c>; false when it is not.</summary>
    public bool TryAddParameter(string text)
    {
        int dot = text.IndexOf('.', StringComparison.Ordinal);
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        if (dot < 0 || equals < dot || !TryPlace(text[..dot], out ParameterPlace place)) return false;
        _parameters[(int)place].Add((text[(dot + 1)..equals], Encoding.UTF8.GetBytes(text[(equals + 1)..])));
        return true;
    }

    /// <summary>Adds a stage variable written as <c>name=value</c>; false when it is not.</summary>
    public bool TryAddStageVariable(string text)
    {
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        if (equals <= 0) return false;
        _stageVariables.Add((text[..equals], Encoding.UTF8.GetBytes(text[(equals + 1)..])));
        return true;
    }

    public int ParameterCount(ParameterPlace place) => _parameters[(int)place].Count;

    public void WriteParameterName(ParameterPlace place, int index, ref ByteWriter writer) => writer.Write(Encoding.UTF8.GetBytes(_parameters[(int)place][index].Name));

    public void WriteParameterValue(ParameterPlace place, int index, ref ByteWriter writer) => writer.Write(_parameters[(int)place][index].Value);

    public bool TryWriteParameter(ParameterPlace place, ReadOnlySpan<byte> name, ref ByteWriter writer) => TryWriteLast(_parameters[(int)place], name, ref writer);

    public void WriteStageVariableName(int index, ref ByteWriter writer) => writer.Write(Encoding.UTF8.GetBytes(_stageVariables[index].Name));

    public bool TryWriteStageVariable(ReadOnlySpan<byte> name, ref ByteWriter writer) => TryWriteLast(_stageVariables, name, ref writer);

    public bool TryWriteContext(int variable, ReadOnlySpan<byte> member, ref ByteWriter writer)
    {
        if (_context[variable] is not { } value) return false;
        writer.Write(value);
        return true;
    }

    // All names are known here, so no group is open.
    public int ContextMemberCount(int group) => 0;

    public void WriteContextMemberName(int group, int index, ref ByteWriter writer)
    {
    }

    private void Flatten(JsonElement group, string prefix, List<KeyValuePair<string, int>> names, List<int> numbers)
    {
        foreach (JsonProperty member in group.EnumerateObject())
        {
            if (member.Value.ValueKind == JsonValueKind.Object)
            {
                Flatten(member.Value, prefix + member.Name + ".", names, numbers);
                continue;
            }

            names.Add(new(prefix + member.Name, _context.Count));
            if (member.Value.ValueKind == JsonValueKind.Number) numbers.Add(_context.Count);
            _context.Add(member.Value.ValueKind == JsonValueKind.Null ? null : TextOf(member.Value));
        }
    }

    private static byte[] TextOf(JsonElement value) => Encoding.UTF8.GetBytes(value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText());

    private static bool TryPlace(string name, out ParameterPlace place)
    {
        place = name switch
        {
            "path" => ParameterPlace.Path,
            "querystring" => ParameterPlace.QueryString,
            _ => ParameterPlace.Header,
        };
        return name is "path" or "querystring" or "header";
    }

    private static bool TryWriteLast(List<(string Name, byte[] Value)> values, ReadOnlySpan<byte> name, ref ByteWriter writer)
    {
        string wanted = Encoding.UTF8.GetString(name);
        int last = values.FindLastIndex(value => value.Name == wanted);
        if (last < 0) return false;
        writer.Write(values[last].Value);
        return true;
    }
}
