using EdgeProxy.Core.Buffers;
using EdgeProxy.Templates.Compilation;
using EdgeProxy.Templates.Json;

namespace EdgeProxy.Templates.Execution;

/// <content>What comes from outside: body, parameters, stage variables, <c>$context</c> and its overrides (rest-api.md 6.7, 6.9 to 6.11).</content>
internal sealed partial class Machine
{
    private const int FirstRoom = 256;

    // A power of two.
    private const int ContextPlaces = 16;

    private readonly ContextPlace[] _contextPlaces = new ContextPlace[ContextPlaces];
    private readonly Value[] _parameterMaps = new Value[3];
    private Value _bodyRoot;
    private bool _bodyIsRead;
    private Value _requestOverride;
    private Value _responseOverride;

    private void ForgetInputs()
    {
        Array.Clear(_parameterMaps);
        _bodyIsRead = false;
        _requestOverride = Value.Null;
        _responseOverride = Value.Null;
    }

    /// <summary>The body as JSON; null when it is none.</summary>
    public Value BodyRoot()
    {
        if (_bodyIsRead) return _bodyRoot;
        _bodyIsRead = true;
        _bodyRoot = TryStepsFor(Body.Length) && TryReadBody(out int root) ? Memory.ValueOf(root) : Value.Null;
        return _bodyRoot;
    }

    private bool TryReadBody(out int root)
    {
        root = 0;
        return Memory.HoldsBody ? TemplateJson.TryTake(Memory, Body) : TemplateJson.TryRead(Memory, Body, out root, _isSingle);
    }

    /// <summary>The first value of a name in path, query and header; null when there is none.</summary>
    public Value Parameter(ReadOnlySpan<byte> name)
    {
        for (ParameterPlace place = ParameterPlace.Path; place <= ParameterPlace.Header; place++)
        {
            Value value = Read(InputKind.Parameter, (int)place, 0, name);
            if (!value.IsNull) return value;
        }

        return Value.Null;
    }

    /// <summary><c>$input.params()</c>.</summary>
    public Value Parameters()
    {
        Value map = Memory.NewMap();
        Memory.Put(map, Memory.Keep("path"u8), ParameterMap(ParameterPlace.Path));
        Memory.Put(map, Memory.Keep("querystring"u8), ParameterMap(ParameterPlace.QueryString));
        Memory.Put(map, Memory.Keep("header"u8), ParameterMap(ParameterPlace.Header));
        return map;
    }

    private Value ParameterMap(ParameterPlace place)
    {
        if (!_parameterMaps[(int)place].IsNull) return _parameterMaps[(int)place];
        Value map = Memory.NewMap();
        int count = Inputs.ParameterCount(place);
        for (int i = 0; i < count && TryStep(); i++)
        {
            Value name = Read(InputKind.ParameterName, (int)place, i, default);
            Memory.Put(map, name, Read(InputKind.ParameterValue, (int)place, i, default));
        }

        return _parameterMaps[(int)place] = map;
    }

    /// <summary><c>$context</c>, a group in it, or <c>$stageVariables</c>, as a map with all that it has now; another value as it is.</summary>
    public Value Materialise(Value value)
    {
        if (value.Kind == ValueKind.StageVariables)
        {
            Value variables = Memory.NewMap();
            int count = Inputs.StageVariableCount;
            for (int i = 0; i < count && TryStep(); i++)
            {
                Value name = Read(InputKind.StageVariableName, 0, i, default);
                Memory.Put(variables, name, Read(InputKind.StageVariable, 0, 0, Memory.Bytes(name)));
            }

            return variables;
        }

        if (value.Kind != ValueKind.Context) return value;
        Value map = Memory.NewMap();
        ContextCatalog.Node node = Inputs.Context[value.A];
        foreach (int child in node.Children)
        {
            if (!TryStep()) break;
            Memory.Put(map, Memory.Keep(Inputs.Context[child].Name), ContextValue(child));
        }

        if (node.Open >= 0)
        {
            int count = Inputs.ContextMemberCount(node.Open);
            for (int i = 0; i < count && TryStep(); i++)
            {
                Value name = Read(InputKind.ContextMemberName, node.Open, i, default);
                Memory.Put(map, name, Read(InputKind.Context, node.Open, 0, Memory.Bytes(name)));
            }
        }

        if (value.A != 0) return map;
        Memory.Put(map, Memory.Keep("requestOverride"u8), Override(request: true));
        Memory.Put(map, Memory.Keep("responseOverride"u8), Override(request: false));
        return map;
    }

    // The same for a name of the template, with a look first at where it was found the last time.
    private Value ContextMember(int node, NameEntry name)
    {
        ContextCatalog catalog = Inputs.Context;
        ref ContextPlace place = ref _contextPlaces[name.Place & (ContextPlaces - 1)];
        if (ReferenceEquals(place.Name, name) && place.Node == node && ReferenceEquals(place.Catalog, catalog)) return ContextValue(place.Child);
        bool isOverride = node == 0 && (name.Bytes.SequenceEqual("requestOverride"u8) || name.Bytes.SequenceEqual("responseOverride"u8));
        int child = isOverride ? -1 : catalog.Find(node, name.Bytes, name.Hash);
        if (child < 0) return ContextMember(node, name.Bytes, name.Hash);
        place = new ContextPlace(name, catalog, node, child);
        return ContextValue(child);
    }

    private Value ContextMember(int node, ReadOnlySpan<byte> name, int hash)
    {
        if (node == 0 && name.SequenceEqual("requestOverride"u8)) return Override(request: true);
        if (node == 0 && name.SequenceEqual("responseOverride"u8)) return Override(request: false);
        int child = Inputs.Context.Find(node, name, hash);
        if (child >= 0) return ContextValue(child);
        int open = Inputs.Context[node].Open;
        return open >= 0 ? Read(InputKind.Context, open, 0, name) : Value.Null;
    }

    private Value ContextValue(int node)
    {
        ContextCatalog.Node at = Inputs.Context[node];
        if (at.Id < 0) return new Value(ValueKind.Context, node, 0);
        Value text = Read(InputKind.Context, at.Id, 0, default);
        return at.IsNumber && text.IsText && Numbers.TryReadInteger(Memory.Bytes(text), out long number) ? Value.Of(number) : text;
    }

    private Value Override(bool request)
    {
        ref Value known = ref request ? ref _requestOverride : ref _responseOverride;
        if (known.IsNull) known = Inputs.Overrides.Load(this, request);
        return known;
    }

    private void SetOverride(ReadOnlySpan<byte> name, Value value)
    {
        if (value.Kind is not (ValueKind.Map or ValueKind.JsonObject)) return;
        if (name.SequenceEqual("requestOverride"u8)) _requestOverride = Memory.Thaw(value);
        else if (name.SequenceEqual("responseOverride"u8)) _responseOverride = Memory.Thaw(value);
    }

    private void KeepOverrides()
    {
        if (_requestOverride.IsNull && _responseOverride.IsNull) return;

        // What nobody has asked for and nobody has set before is still nothing.
        TemplateOverrides overrides = Inputs.Overrides;
        Value request = _requestOverride.IsNull && !overrides.HoldsRequest ? Value.Null : Override(request: true);
        Value response = _responseOverride.IsNull && !overrides.HoldsResponse ? Value.Null : Override(request: false);
        overrides.Keep(this, request, response);
    }

    // Asks for a value, with more room for as long as it does not fit.
    private Value Read(InputKind kind, int what, int index, ReadOnlySpan<byte> name)
    {
        TemplateOutput texts = Memory.Texts;
        for (int room = FirstRoom; ; room = Math.Max(room, texts.Bytes.Length - texts.Length) * 2)
        {
            Span<byte> free = room > 0 ? texts.Reserve(room) : default;
            if (free.IsEmpty) return Fail(TemplateFault.TooMuchMemory);
            var writer = new ByteWriter(free);
            bool isSet = true;
            switch (kind)
            {
                case InputKind.Parameter:
                    isSet = Inputs.TryWriteParameter((ParameterPlace)what, name, ref writer);
                    break;
                case InputKind.ParameterName:
                    Inputs.WriteParameterName((ParameterPlace)what, index, ref writer);
                    break;
                case InputKind.ParameterValue:
                    Inputs.WriteParameterValue((ParameterPlace)what, index, ref writer);
                    break;
                case InputKind.StageVariable:
                    isSet = Inputs.TryWriteStageVariable(name, ref writer);
                    break;
                case InputKind.StageVariableName:
                    Inputs.WriteStageVariableName(index, ref writer);
                    break;
                case InputKind.Context:
                    isSet = Inputs.TryWriteContext(what, name, ref writer);
                    break;
                case InputKind.ContextMemberName:
                    Inputs.WriteContextMemberName(what, index, ref writer);
                    break;
            }

            if (writer.Overflowed) continue;
            if (!isSet) return Value.Null;
            int at = texts.Length;
            texts.Commit(writer.Length);
            return Memory.TextFrom(at);
        }
    }

    // Which node of a catalog a name leads to from another.
    private readonly record struct ContextPlace(NameEntry Name, ContextCatalog Catalog, int Node, int Child);
}
