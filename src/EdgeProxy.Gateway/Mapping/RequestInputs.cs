using EdgeProxy.Core.Buffers;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Http.Messages;
using EdgeProxy.Templates;

namespace EdgeProxy.Gateway.Mapping;

/// <summary>A request as its templates see it (rest-api.md 6.7, 6.9, 6.10). One for each loop, for one run at a time.</summary>
/// <remarks>Fields that were dropped when the request was parsed (4.2) are not there. Names of HTTP/2 fields are found without case, as in mappings.</remarks>
internal sealed class RequestInputs : ITemplateInputs
{
    // Where each visible field, and each pair of the query, stands: asked for one by one, they would be looked for again each time.
    private readonly List<int> _fields = [];
    private readonly List<(int Name, int NameLength, int Value, int ValueLength)> _pairs = [];
    private RequestContext _request = null!;
    private bool _hasFields;
    private bool _hasPairs;

    public ReadOnlyMemory<byte> Body { get; private set; }

    public long BodyReading { get; private set; }

    public ContextCatalog Context => ContextVariables.Catalog;

    public TemplateOverrides Overrides => _request.Overrides;

    public int StageVariableCount => _request.Deployment!.Variables.Count;

    /// <summary>Stands for a request during one run.</summary>
    /// <param name="request">The request.</param>
    /// <param name="body">What <c>$input</c> reads.</param>
    /// <param name="reading">Which reading of the executor's tape is that of the body; 0 for none.</param>
    public RequestInputs For(RequestContext request, ReadOnlyMemory<byte> body, long reading)
    {
        _request = request;
        Body = body;
        BodyReading = reading;
        _hasFields = _hasPairs = false;
        return this;
    }

    /// <summary>Lets go of the request.</summary>
    public void Release()
    {
        _request = null!;
        Body = default;
    }

    public int ParameterCount(ParameterPlace place)
    {
        switch (place)
        {
            case ParameterPlace.Path:
                return _request.Route!.ParameterNames.Length;
            case ParameterPlace.QueryString:
                FindPairs();
                return _pairs.Count;
            default:
                FindFields();
                return _fields.Count;
        }
    }

    public void WriteParameterName(ParameterPlace place, int index, ref ByteWriter writer)
    {
        int start = writer.Length;
        switch (place)
        {
            case ParameterPlace.Path:
                writer.Write(_request.Route!.ParameterNames[index].Span);
                break;
            case ParameterPlace.QueryString:
                ValueReader.Decode(_request.Exchange.Request.Query.Slice(_pairs[index].Name, _pairs[index].NameLength), form: true, ref writer);
                break;
            default:
                writer.Write(_request.Exchange.Request.Headers.Name(_fields[index]));
                break;
        }

        ValueReader.MakeText(ref writer, start);
    }

    public void WriteParameterValue(ParameterPlace place, int index, ref ByteWriter writer)
    {
        int start = writer.Length;
        switch (place)
        {
            case ParameterPlace.Path:
                ValueReader.Decode(_request.Match.Value(_request.RoutePath, index), form: false, ref writer);
                break;
            case ParameterPlace.QueryString:
                ValueReader.Decode(_request.Exchange.Request.Query.Slice(_pairs[index].Value, _pairs[index].ValueLength), form: true, ref writer);
                break;
            default:
                writer.Write(_request.Exchange.Request.Headers.Value(_fields[index]));
                break;
        }

        ValueReader.MakeText(ref writer, start);
    }

    public bool TryWriteParameter(ParameterPlace place, ReadOnlySpan<byte> name, ref ByteWriter writer)
    {
        RequestHead head = _request.Exchange.Request;
        int start = writer.Length;
        switch (place)
        {
            case ParameterPlace.Path:
                Utf8Text[] names = _request.Route!.ParameterNames;
                for (int i = 0; i < names.Length; i++)
                {
                    if (!names[i].Span.SequenceEqual(name)) continue;
                    WriteParameterValue(place, i, ref writer);
                    return true;
                }

                return false;
            case ParameterPlace.QueryString:
                ReadOnlySpan<byte> last = default;
                bool isThere = false;
                foreach (QueryPair pair in new QueryReader(head.Query))
                {
                    if (!ValueReader.IsName(pair.Name, name)) continue;
                    last = pair.Value;
                    isThere = true;
                }

                ValueReader.Decode(last, form: true, ref writer);
                ValueReader.MakeText(ref writer, start);
                return isThere;
            default:
                for (int i = head.Headers.Count - 1; i >= 0; i--)
                {
                    if (!ValueReader.IsHeader(head.Headers.Name(i), name, head.Version)) continue;
                    if (HeaderRules.Has(head.Headers[i].Known, HeaderRule.Unseen)) return false;
                    writer.Write(head.Headers.Value(i));
                    ValueReader.MakeText(ref writer, start);
                    return true;
                }

                return false;
        }
    }

    public void WriteStageVariableName(int index, ref ByteWriter writer) => writer.Write(_request.Deployment!.Variables.Name(index));

    public bool TryWriteStageVariable(ReadOnlySpan<byte> name, ref ByteWriter writer)
    {
        // A missing one renders like an empty one, and empty ones there are none (6.10).
        ReadOnlySpan<byte> value = _request.Deployment!.Variables[name];
        writer.Write(value);
        return !value.IsEmpty;
    }

    public bool TryWriteContext(int variable, ReadOnlySpan<byte> member, ref ByteWriter writer)
    {
        int start = writer.Length;
        ContextVariables.Write((ContextVariable)variable, _request, ref writer);
        ValueReader.MakeText(ref writer, start);
        return writer.Length > start || writer.Overflowed;
    }

    public int ContextMemberCount(int group) => 0;

    public void WriteContextMemberName(int group, int index, ref ByteWriter writer)
    {
    }

    private void FindFields()
    {
        if (_hasFields) return;
        _hasFields = true;
        _fields.Clear();
        HeaderTable headers = _request.Exchange.Request.Headers;
        for (int i = 0; i < headers.Count; i++)
        {
            if (!HeaderRules.Has(headers[i].Known, HeaderRule.Unseen)) _fields.Add(i);
        }
    }

    private void FindPairs()
    {
        if (_hasPairs) return;
        _hasPairs = true;
        _pairs.Clear();
        ReadOnlySpan<byte> query = _request.Exchange.Request.Query;
        foreach (QueryPair pair in new QueryReader(query))
        {
            query.Overlaps(pair.Name, out int name);
            query.Overlaps(pair.Value, out int value);
            _pairs.Add((name, pair.Name.Length, value, pair.Value.Length));
        }
    }
}
