using System.Text;
using EdgeProxy.Core.Buffers;
using EdgeProxy.Gateway.Mapping;
using EdgeProxy.Gateway.Responses;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Http.Messages;

namespace EdgeProxy.Gateway.Validation;

/// <summary>Phase: asks for the parameters that the route requires, before anybody looks at the body (rest-api.md 7).</summary>
/// <remarks>
/// Not confirmed, and chosen here: of several values the last counts, as it does for mappings; blank means nothing but spaces and tabs once
/// decoded. Names are compared with case, header names of HTTP/2 without, because they always come in lower case.
/// </remarks>
internal static class ValidateParameters
{
    public static Verdict Run(RequestContext request)
    {
        foreach (RequiredParameter parameter in request.Route!.Validation.Required)
        {
            if (IsThere(parameter, request)) continue;
            Refusals.Report(request, RefusalKind.Parameters, null);
            return Verdict.Of(FaultKind.ParametersMissing);
        }

        return Verdict.Continue;
    }

    /// <summary>Writes the message that names what is missing.</summary>
    /// <param name="request">A request that was refused for it.</param>
    /// <param name="isQuoted">Whether names are written as in a JSON string.</param>
    /// <param name="writer">Gets the message.</param>
    public static void WriteMessage(RequestContext request, bool isQuoted, ref ByteWriter writer)
    {
        writer.Write("Missing required request parameters: ["u8);
        bool isFirst = true;
        foreach (RequiredParameter parameter in request.Route!.Validation.Required)
        {
            if (IsThere(parameter, request)) continue;
            if (!isFirst) writer.Write(", "u8);
            isFirst = false;
            if (isQuoted) WriteQuoted(parameter.Name.Span, ref writer);
            else writer.Write(parameter.Name.Span);
        }

        writer.Write((byte)']');
    }

    /// <summary>Whether a request has a parameter, and more than blanks in it.</summary>
    public static bool IsThere(RequiredParameter parameter, RequestContext request)
    {
        RequestHead head = request.Exchange.Request;
        return parameter.Source.Kind switch
        {
            ValueSourceKind.Header => HeaderValue(parameter.Source.Name.Span, head).ContainsAnyExcept((byte)' ', (byte)'\t'),
            ValueSourceKind.QueryString => !IsBlank(QueryValue(parameter.Source.Name.Span, head.Query), isForm: true),
            ValueSourceKind.PathParameter => !IsBlank(ValueReader.RawPathParameter(parameter.Source, request), isForm: false),
            _ => false,
        };
    }

    private static ReadOnlySpan<byte> QueryValue(ReadOnlySpan<byte> name, ReadOnlySpan<byte> query)
    {
        ReadOnlySpan<byte> last = default;
        foreach (QueryPair pair in new QueryReader(query))
        {
            if (ValueReader.IsName(pair.Name, name)) last = pair.Value;
        }

        return last;
    }

    private static ReadOnlySpan<byte> HeaderValue(ReadOnlySpan<byte> name, RequestHead head)
    {
        HeaderTable headers = head.Headers;
        for (int i = headers.Count - 1; i >= 0; i--)
        {
            if (ValueReader.IsHeader(headers.Name(i), name, head.Version)) return headers.Value(i);
        }

        return default;
    }

    /// <summary>Whether a coded value is nothing but blanks once decoded.</summary>
    private static bool IsBlank(ReadOnlySpan<byte> coded, bool isForm)
    {
        for (int i = 0; i < coded.Length; i++)
        {
            if (coded[i] is (byte)' ' or (byte)'\t' || (isForm && coded[i] == '+')) continue;
            if (!coded[i..].StartsWith("%20"u8) && !coded[i..].StartsWith("%09"u8)) return false;
            i += 2;
        }

        return true;
    }

    private static void WriteQuoted(ReadOnlySpan<byte> name, ref ByteWriter writer)
    {
        foreach (byte value in name)
        {
            if (value is (byte)'"' or (byte)'\\') writer.Write((byte)'\\');
            if (value >= 0x20)
            {
                writer.Write(value);
                continue;
            }

            writer.Write(value < 0x10 ? "\\u000"u8 : "\\u00"u8);
            writer.WriteHex(value);
        }
    }
}
