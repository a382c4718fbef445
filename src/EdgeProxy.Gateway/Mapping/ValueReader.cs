using System.Buffers;
using System.Text;
using System.Text.Unicode;
using EdgeProxy.Core.Buffers;
using EdgeProxy.Gateway.Integrations.Lambda;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Http.Messages;

namespace EdgeProxy.Gateway.Mapping;

/// <summary>Looks up the value of a mapping's source (rest-api.md 5.3, 5.10). Names are compared with case, where case came along.</summary>
internal static class ValueReader
{
    /// <summary>Writes the value as text, decoded; several values are joined with commas. Writes nothing when there is none.</summary>
    public static void Write(ValueSource source, RequestContext request, ref ByteWriter writer)
    {
        switch (source.Kind)
        {
            case ValueSourceKind.Literal:
                writer.Write(source.Name.Span);
                break;
            case ValueSourceKind.StageVariable:
                writer.Write(request.Deployment!.Variables[source.Name.Span]);
                break;
            case ValueSourceKind.Context:
                ContextVariables.Write(source.Variable, request, ref writer);
                break;
            case ValueSourceKind.PathParameter:
                Decode(RawPathParameter(source, request), form: false, ref writer);
                break;
            case ValueSourceKind.NamedPathParameter:
                WriteNamedPathParameter(source.Name.Span, request, ref writer);
                break;
            case ValueSourceKind.InputParameter:
                WriteInputParameter(source.Name.Span, request, ref writer);
                break;
            case ValueSourceKind.QueryString:
                WriteQuery(source.Name.Span, request.Exchange.Request.Query, all: false, ref writer);
                break;
            case ValueSourceKind.MultiValueQueryString:
                WriteQuery(source.Name.Span, request.Exchange.Request.Query, all: true, ref writer);
                break;
            case ValueSourceKind.Header:
                WriteHeader(source.Name.Span, request.Exchange.Request.Headers, request.Exchange.Request.Version, all: false, hideUnseen: true, ref writer);
                break;
            case ValueSourceKind.MultiValueHeader:
                WriteHeader(source.Name.Span, request.Exchange.Request.Headers, request.Exchange.Request.Version, all: true, hideUnseen: true, ref writer);
                break;
            case ValueSourceKind.RequestBody:
                BodyValues.Write(source, request, request.Body, ref writer);
                break;
            case ValueSourceKind.IntegrationBody:
                BodyValues.Write(source, request, request.HeldAnswer, ref writer);
                break;
            case ValueSourceKind.IntegrationHeader or ValueSourceKind.IntegrationMultiValueHeader when request.Function is not null:
                FunctionReply.WriteHeader(source.Name.Span, request, ref writer);
                break;
            case ValueSourceKind.IntegrationHeader when request.Call is { } call:
                WriteHeader(source.Name.Span, call.Response.Headers, call.Response.Version, all: false, hideUnseen: false, ref writer);
                break;
            case ValueSourceKind.IntegrationMultiValueHeader when request.Call is { } call:
                WriteHeader(source.Name.Span, call.Response.Headers, call.Response.Version, all: true, hideUnseen: false, ref writer);
                break;
        }
    }

    /// <summary>The path parameter as it stands in the path; trailing slashes were left out when the route was matched.</summary>
    public static ReadOnlySpan<byte> RawPathParameter(ValueSource source, RequestContext request) =>
        request.Match.Value(request.RoutePath, source.PathParameter);

    /// <summary>Whether a coded query name, decoded, is that name.</summary>
    public static bool IsName(ReadOnlySpan<byte> coded, ReadOnlySpan<byte> name)
    {
        if (PercentCoding.IsPlainForm(coded)) return coded.SequenceEqual(name);
        if (coded.Length > name.Length * 3) return false;
        Span<byte> decoded = stackalloc byte[256];
        if (coded.Length > decoded.Length) return false;
        return decoded[..PercentCoding.DecodeForm(coded, decoded)].SequenceEqual(name);
    }

    /// <summary>Appends coded text decoded.</summary>
    public static void Decode(ReadOnlySpan<byte> coded, bool form, ref ByteWriter writer)
    {
        int start = writer.Length;
        Span<byte> room = writer.Reserve(coded.Length);
        if (room.IsEmpty) return;
        writer.Truncate(start + (form ? PercentCoding.DecodeForm(coded, room) : PercentCoding.Decode(coded, room)));
    }

    /// <summary>Makes text of what a client sent: bytes that are no UTF-8 become U+FFFD, as in a function's event. For what goes where text is promised.</summary>
    /// <param name="writer">Where it was written.</param>
    /// <param name="start">Where it begins.</param>
    public static void MakeText(ref ByteWriter writer, int start)
    {
        int length = writer.Length - start;
        if (Utf8.IsValid(writer.Patch(start, length))) return;
        ReadOnlySpan<byte> replacement = "\uFFFD"u8;
        int more = 0;
        for (int at = length, size; at > 0; at -= size)
        {
            if (Rune.DecodeLastFromUtf8(writer.Patch(start, at), out _, out size) != OperationStatus.Done) more += replacement.Length - size;
        }

        writer.Reserve(more);
        if (writer.Overflowed) return;

        // From the end, so that what is moved is never what is still to be read.
        Span<byte> text = writer.Patch(start, length + more);
        for (int from = length, to = text.Length, size; from > 0; from -= size)
        {
            bool isValid = Rune.DecodeLastFromUtf8(text[..from], out _, out size) == OperationStatus.Done;
            to -= isValid ? size : replacement.Length;
            if (isValid) text.Slice(from - size, size).CopyTo(text[to..]);
            else replacement.CopyTo(text[to..]);
        }
    }

    private static void WriteInputParameter(ReadOnlySpan<byte> name, RequestContext request, ref ByteWriter writer)
    {
        int start = writer.Length;
        WriteNamedPathParameter(name, request, ref writer);
        if (writer.Length == start) WriteQuery(name, request.Exchange.Request.Query, all: false, ref writer);
        if (writer.Length == start) WriteHeader(name, request.Exchange.Request.Headers, request.Exchange.Request.Version, all: false, hideUnseen: true, ref writer);
    }

    private static void WriteNamedPathParameter(ReadOnlySpan<byte> name, RequestContext request, ref ByteWriter writer)
    {
        if (request.Route is not { } route) return;
        for (int i = 0; i < route.ParameterNames.Length; i++)
        {
            if (!route.ParameterNames[i].Span.SequenceEqual(name)) continue;
            Decode(request.Match.Value(request.RoutePath, i), form: false, ref writer);
            return;
        }
    }

    private static void WriteQuery(ReadOnlySpan<byte> name, ReadOnlySpan<byte> query, bool all, ref ByteWriter writer)
    {
        int start = writer.Length;
        foreach (QueryPair pair in new QueryReader(query))
        {
            if (!IsName(pair.Name, name)) continue;
            if (!all) writer.Truncate(start);
            else if (writer.Length > start) writer.Write((byte)',');
            Decode(pair.Value, form: true, ref writer);
        }
    }

    /// <summary>
    /// Whether a received field has the name that a mapping asks for: with case, as the service compares them. In HTTP/2 every name is
    /// lower case (RFC 9113, 8.2.1), so that the sender's own spelling is gone and case can tell nothing.
    /// </summary>
    /// <param name="received">The name as received.</param>
    /// <param name="wanted">The name as written in the mapping.</param>
    /// <param name="version">The version of HTTP that it was received by; 20 for HTTP/2.</param>
    public static bool IsHeader(ReadOnlySpan<byte> received, ReadOnlySpan<byte> wanted, byte version) =>
        version < 20 ? received.SequenceEqual(wanted) : Ascii.EqualsIgnoreCase(received, wanted);

    private static void WriteHeader(ReadOnlySpan<byte> name, HeaderTable headers, byte version, bool all, bool hideUnseen, ref ByteWriter writer)
    {
        if (!all)
        {
            for (int i = headers.Count - 1; i >= 0; i--)
            {
                if (!IsHeader(headers.Name(i), name, version)) continue;
                if (!hideUnseen || !HeaderRules.Has(headers[i].Known, HeaderRule.Unseen)) writer.Write(headers.Value(i));
                return;
            }

            return;
        }

        bool first = true;
        for (int i = 0; i < headers.Count; i++)
        {
            if (!IsHeader(headers.Name(i), name, version)) continue;
            if (hideUnseen && HeaderRules.Has(headers[i].Known, HeaderRule.Unseen)) return;
            if (!first) writer.Write((byte)',');
            writer.Write(headers.Value(i));
            first = false;
        }
    }
}
