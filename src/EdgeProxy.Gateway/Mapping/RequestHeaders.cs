using System.Text;
using EdgeProxy.Core.Buffers;
using EdgeProxy.Gateway.Responses;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Http.Messages;
using EdgeProxy.Http.Server;
using EdgeProxy.Templates;

namespace EdgeProxy.Gateway.Mapping;

/// <summary>The fields of a request to an HTTP backend (rest-api.md 4.2; security.md 15.3).</summary>
internal static class RequestHeaders
{
    /// <summary>Adds the mapped fields, and those that a template has set. A mapping without a value adds nothing, so the client's field stands.</summary>
    /// <param name="mapped">How many were added; they are the table's first.</param>
    public static Verdict Map(RequestContext request, HttpIntegrationPlan plan, HeaderTable headers, out int mapped)
    {
        mapped = 0;
        foreach (ParameterMapping mapping in plan.RequestParameters)
        {
            if (mapping.Target != MappingTarget.Header || OverrideReader.Replaces(request.OverridesOrNull, OverrideTarget.RequestHeader, mapping.Name.Span)) continue;
            var writer = new ByteWriter(request.Services.ValueScratch);
            ValueReader.Write(mapping.Source, request, ref writer);
            if (writer.Length == 0) continue;
            if (AddMapped(request, mapping.Known, mapping.Name.Span, writer, headers) is { Ends: true } forbidden) return forbidden;
        }

        Verdict verdict = AddOverrides(request, headers);
        mapped = headers.Count;
        return verdict;
    }

    private static Verdict AddMapped(RequestContext request, KnownHeader known, ReadOnlySpan<byte> name, in ByteWriter value, HeaderTable headers)
    {
        if (HeaderRules.Has(known, HeaderRule.ForbiddenTarget))
        {
            request.Observer?.OnHeaderForbidden(request, name);
            return Verdict.Of(FaultKind.ForbiddenHeaderMapped);
        }

        if (HeaderRules.Has(known, HeaderRule.IgnoredTarget)) return Verdict.Continue;
        if (value.Overflowed || !Syntax.IsFieldValue(value.Written)) request.Observer?.OnHeaderDropped(request, name);
        else headers.Add(known, name, value.Written);
        return Verdict.Continue;
    }

    // 6.11: a list makes one field, joined with commas. What is empty replaces a mapping and adds nothing.
    private static Verdict AddOverrides(RequestContext request, HeaderTable headers)
    {
        if (request.OverridesOrNull is not { Count: > 0 } overrides) return Verdict.Continue;
        int total = 0;
        for (int i = 0; i < overrides.Count; i++)
        {
            if (overrides.Target(i) != OverrideTarget.RequestHeader) continue;
            ReadOnlySpan<byte> name = overrides.Name(i);
            var writer = new ByteWriter(request.Services.ValueScratch);
            OverrideReader.WriteJoined(overrides, ref i, ref writer);
            if (writer is { Length: 0, Overflowed: false }) continue;
            total += name.Length + writer.Length;
            if (writer.Overflowed || total > LoopServices.ScratchSize) return Verdict.Of(FaultKind.OverridesTooLarge);

            // The name is a template's choice, and may be the client's word.
            if (!Syntax.IsFieldName(name)) request.Observer?.OnHeaderDropped(request, name);
            else if (AddMapped(request, KnownHeaders.Find(name), name, writer, headers) is { Ends: true } forbidden) return forbidden;
        }

        return Verdict.Continue;
    }

    /// <summary>Adds the client's fields that survive, those of one name joined with commas.</summary>
    /// <param name="request">The request.</param>
    /// <param name="headers">The table; its block begins with the client's.</param>
    /// <param name="mapped">How many mapped fields it has; they replace the client's.</param>
    public static void CopyClients(RequestContext request, HeaderTable headers, int mapped)
    {
        HeaderTable client = request.Exchange.Request.Headers;
        int connection = client.IndexOf(KnownHeader.Connection);
        ulong repeated = RepeatedNames(client);

        // An answer that is held against a model must be readable.
        bool wantsPlain = request.Route!.Validation.Responses.Length > 0;
        for (int i = 0; i < client.Count; i++)
        {
            ref readonly HeaderField field = ref client[i];
            if (HeaderRules.Has(field.Known, HeaderRule.NotProxied)) continue;
            if (wantsPlain && field.Known == KnownHeader.AcceptEncoding) continue;
            if (field.Known == KnownHeader.Authorization && HeaderRules.IsSignature(client.Value(i))) continue;
            if (field.Known == KnownHeader.Other && IsDropped(client, i)) continue;
            if (FieldList.ConnectionNames(client, connection, client.Name(i))) continue;
            if (mapped > 0 && IsMapped(headers, mapped, field.Known, client.Name(i))) continue;
            if ((repeated & BitOf(client.Name(i))) != 0) CopyJoined(client, i, headers);
            else headers.AddAt(field.NameStart, field.NameLength, field.ValueStart, field.ValueLength, field.Known);
        }
    }

    /// <summary>Adds what the gateway says itself, where neither mapping nor client has said it.</summary>
    public static void AddOwn(RequestContext request, HttpIntegrationPlan plan, BoundUri uri, HeaderTable headers, bool isProxy)
    {
        Exchange exchange = request.Exchange;
        HeaderTable client = exchange.Request.Headers;
        ReadOnlySpan<byte> apiId = request.Stage!.Api.Id.Span;

        // One pass instead of a search for each: a bit for each known name, of which there are fewer than 64.
        ulong present = 0;
        for (int i = 0; i < headers.Count; i++) present |= Bit(headers[i].Known);
        if ((present & Bit(KnownHeader.Host)) == 0) headers.Add(KnownHeader.Host, "Host"u8, uri.Host);
        if ((present & Bit(KnownHeader.Accept)) == 0) headers.Add(KnownHeader.Accept, "Accept"u8, "application/json"u8);
        if ((present & Bit(KnownHeader.UserAgent)) == 0)
        {
            int name = headers.Append("User-Agent"u8);
            int value = headers.Append("AmazonAPIGateway_"u8);
            headers.Append(apiId);
            headers.AddAt(name, "User-Agent"u8.Length, value, "AmazonAPIGateway_"u8.Length + apiId.Length, KnownHeader.UserAgent);
        }

        headers.Add(KnownHeader.XAmznApigatewayApiId, "X-Amzn-Apigateway-Api-Id"u8, apiId);
        headers.Add(KnownHeader.XAmznTraceId, "X-Amzn-Trace-Id"u8, request.Trace);
        if (isProxy)
        {
            AddForwarded(request, exchange, headers, present);
            return;
        }

        // 4.2, HTTP: the only field copied, and only for methods that usually have a body.
        if (exchange.Request.Method is HttpMethod.Get or HttpMethod.Head or HttpMethod.Options || (present & Bit(KnownHeader.ContentType)) != 0) return;
        int contentType = client.LastIndexOf(KnownHeader.ContentType);
        if (contentType >= 0) headers.Add(KnownHeader.ContentType, "Content-Type"u8, client.Value(contentType));
    }

    /// <summary>Whether a field of the client's does not become part of a function's event (4.2, AWS_PROXY).</summary>
    /// <param name="client">The client's fields.</param>
    /// <param name="index">The field.</param>
    /// <param name="connection">The first Connection field, or -1.</param>
    public static bool IsKeptFromFunction(HeaderTable client, int index, int connection)
    {
        KnownHeader known = client[index].Known;
        if (HeaderRules.Has(known, HeaderRule.NotProxied) && known is not (KnownHeader.Host or KnownHeader.ContentEncoding or KnownHeader.Via)) return true;
        if (known == KnownHeader.Authorization && HeaderRules.IsSignature(client.Value(index))) return true;
        if (known == KnownHeader.Other && IsDropped(client, index)) return true;
        return FieldList.ConnectionNames(client, connection, client.Name(index));
    }

    private static void AddForwarded(RequestContext request, Exchange exchange, HeaderTable headers, ulong present)
    {
        if ((present & Bit(KnownHeader.XForwardedFor)) == 0)
        {
            var writer = new ByteWriter(request.Services.ValueScratch);
            ForwardedFor.Write(exchange, request.Settings.TrustedProxies, ref writer);
            headers.Add(KnownHeader.XForwardedFor, "X-Forwarded-For"u8, writer.Written);
        }

        if ((present & Bit(KnownHeader.XForwardedPort)) == 0)
        {
            var writer = new ByteWriter(request.Services.ValueScratch);
            ForwardedFor.WritePort(exchange, request.Settings.TrustedProxies, ref writer);
            headers.Add(KnownHeader.XForwardedPort, "X-Forwarded-Port"u8, writer.Written);
        }

        if ((present & Bit(KnownHeader.XForwardedProto)) == 0)
        {
            var writer = new ByteWriter(request.Services.ValueScratch);
            ForwardedFor.WriteProto(exchange, request.Settings.TrustedProxies, ref writer);
            headers.Add(KnownHeader.XForwardedProto, "X-Forwarded-Proto"u8, writer.Written);
        }
    }

    private static ulong Bit(KnownHeader known) => 1UL << (int)known;

    /// <summary>Whether an unknown name may not pass: what only the gateway may say, and names with an underscore where one with a hyphen is.</summary>
    private static bool IsDropped(HeaderTable client, int index)
    {
        ReadOnlySpan<byte> name = client.Name(index);
        if (name.Length == 14 && Ascii.EqualsIgnoreCase(name, "http2-settings"u8)) return true; // half of an Upgrade to h2c that goes no further (RFC 9113, 3.1)
        if (name.Length > 11 && (name[0] | 0x20) == 'x' && name[1] == '-' && (StartsWith(name, "x-amzn-waf-"u8) || StartsWith(name, "x-amzn-vpce-"u8))) return true;
        return name.Contains((byte)'_') && LookAlike.Exists(client, index);
    }

    private static bool StartsWith(ReadOnlySpan<byte> name, ReadOnlySpan<byte> prefix) =>
        name.Length >= prefix.Length && Ascii.EqualsIgnoreCase(name[..prefix.Length], prefix);

    private static bool IsMapped(HeaderTable headers, int mapped, KnownHeader known, ReadOnlySpan<byte> name)
    {
        for (int i = 0; i < mapped; i++)
        {
            if (headers[i].Known == known && (known != KnownHeader.Other || Ascii.EqualsIgnoreCase(headers.Name(i), name))) return true;
        }

        return false;
    }

    private static bool IsSame(HeaderTable client, int one, int other) =>
        client[one].Known == client[other].Known
        && (client[one].Known != KnownHeader.Other || Ascii.EqualsIgnoreCase(client.Name(one), client.Name(other)));

    /// <summary>A bit for each name that may come twice: equal names have equal bits, so without a bit a name is surely alone.</summary>
    private static ulong RepeatedNames(HeaderTable client)
    {
        ulong once = 0;
        ulong twice = 0;
        for (int i = 0; i < client.Count; i++)
        {
            ulong bit = BitOf(client.Name(i));
            twice |= once & bit;
            once |= bit;
        }

        return twice;
    }

    private static ulong BitOf(ReadOnlySpan<byte> name) =>
        name.IsEmpty ? 1 : 1UL << ((name.Length + ((name[0] | 0x20) * 7) + ((name[^1] | 0x20) * 3)) & 63);

    /// <summary>Copies a field whose name may come again: the first with the values of all, the others not at all (rest-api.md 4.2).</summary>
    private static void CopyJoined(HeaderTable client, int index, HeaderTable headers)
    {
        for (int i = 0; i < index; i++)
        {
            if (IsSame(client, i, index)) return;
        }

        HeaderField field = client[index];
        for (int i = index + 1; i < client.Count; i++)
        {
            if (!IsSame(client, index, i)) continue;
            if (field.ValueStart == client[index].ValueStart) field.ValueStart = headers.Append(client.Value(index));
            headers.Append(","u8);
            headers.Append(client.Value(i));
            field.ValueLength += 1 + client[i].ValueLength;
        }

        headers.AddAt(field.NameStart, field.NameLength, field.ValueStart, field.ValueLength, field.Known);
    }
}
