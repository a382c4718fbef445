using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using EdgeProxy.ControlPlane.Management;
using EdgeProxy.ControlPlane.Wire;

namespace EdgeProxy.ControlPlane.Audit;

/// <summary>Writes what is told of a management call, as CloudTrail does (control-plane.md 6.1), without secrets.</summary>
internal static class AuditForm
{
    // Of parameters or of an answer; more is left out and said so. Both together are what one answer of GET /audit holds.
    private const int MostBytes = 16 * 1024;

    // The end of the year 9999, in milliseconds.
    private const long MostTime = 253_402_300_799_999;

    private static readonly JsonWriterOptions s_writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>Writes a call that was answered.</summary>
    /// <param name="operation">What was called.</param>
    /// <param name="path">The values out of the path.</param>
    /// <param name="request">The request.</param>
    /// <param name="reply">What it is answered.</param>
    /// <param name="options">Tell account and region.</param>
    /// <param name="now">When the call was over.</param>
    public static AuditEntry Write(Operation operation, IReadOnlyList<KeyValuePair<string, string>> path, ManagementRequest request, Reply reply, ManagementOptions options, DateTimeOffset now) =>
        Write(operation, path, request, reply, reply.Error?.ToString(), reply.Message, options, now);

    /// <summary>Writes a call that its signer had no right to.</summary>
    public static AuditEntry WriteRefused(
        Operation operation, IReadOnlyList<KeyValuePair<string, string>> path, ManagementRequest request, string error, string message, ManagementOptions options, DateTimeOffset now) =>
        Write(operation, path, request, null, error, message, options, now);

    /// <summary>Whether a record is one of a call at a time, of an operation and by a user.</summary>
    /// <param name="record">The record.</param>
    /// <param name="time">In milliseconds since 1970; records have whole seconds.</param>
    /// <param name="name">The operation's name.</param>
    /// <param name="user">The id of the key; empty for nobody known.</param>
    public static bool Tells(ReadOnlySpan<byte> record, long time, string name, string user)
    {
        // Within texts quotes are escaped, so what is found first is the member that stands first.
        int start = record.IndexOf("\"eventTime\":"u8);
        if (start < 0 || time is < 0 or > MostTime) return false;
        int key = record[..start].IndexOf("\"accessKeyId\":"u8);
        if (key < 0 != (user.Length == 0) || (key >= 0 && !IsAt(record[key..], "accessKeyId", user))) return false;
        int operation = record.IndexOf("\"eventName\":"u8);
        return IsAt(record[start..], "eventTime", TextOf(DateTimeOffset.FromUnixTimeMilliseconds(time))) && operation > 0 && IsAt(record[operation..], "eventName", name);
    }

    private static bool IsAt(ReadOnlySpan<byte> record, string member, string value) =>
        record.StartsWith(Encoding.UTF8.GetBytes($"\"{member}\":\"{JsonEncodedText.Encode(value, s_writing.Encoder)}\""));

    private static string TextOf(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static AuditEntry Write(
        Operation operation, IReadOnlyList<KeyValuePair<string, string>> path, ManagementRequest request, Reply? reply, string? error, string message, ManagementOptions options, DateTimeOffset now)
    {
        var text = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(text, s_writing))
        {
            json.WriteStartObject();
            json.WriteString("eventVersion", "1.11");
            WriteIdentity(json, request.AccessKeyId, options.AccountId);
            json.WriteString("eventTime", TextOf(now));
            json.WriteString("eventSource", "apigateway.amazonaws.com");
            json.WriteString("eventName", operation.Name);
            json.WriteString("awsRegion", options.Region);
            json.WriteString("sourceIPAddress", request.ClientAddress);
            json.WriteString("userAgent", request.UserAgent);
            if (error is not null)
            {
                json.WriteString("errorCode", error);
                json.WriteString("errorMessage", message);
            }

            json.WritePropertyName("requestParameters");
            WriteParameters(json, operation, path, request);
            json.WritePropertyName("responseElements");
            if (operation.IsRead || error is not null || reply is null || reply.Body.IsEmpty) json.WriteNullValue();
            else WriteMasked(json, operation, reply.Body.Span);
            json.WriteString("requestID", request.RequestId);
            json.WriteString("eventID", Guid.NewGuid());
            json.WriteBoolean("readOnly", operation.IsRead);
            WriteResources(json, operation, path, error is null ? reply : null, options);
            json.WriteString("eventType", "AwsApiCall");
            json.WriteBoolean("managementEvent", true);
            json.WriteString("recipientAccountId", options.AccountId);
            json.WriteString("eventCategory", "Management");
            json.WriteStartObject("tlsDetails");
            if (request.TlsVersion.Length > 0)
            {
                json.WriteString("tlsVersion", request.TlsVersion);
                json.WriteString("cipherSuite", request.CipherSuite);
            }

            json.WriteString("clientProvidedHostHeader", request.Host);
            json.WriteEndObject();
        }

        AuditTrailKind trail = operation.IsRead || error is not null ? AuditTrailKind.Reads : AuditTrailKind.Changes;
        return new AuditEntry(trail, now, operation.Name, request.AccessKeyId, text.WrittenSpan.ToArray());
    }

    private static void WriteResources(Utf8JsonWriter json, Operation operation, IReadOnlyList<KeyValuePair<string, string>> path, Reply? reply, ManagementOptions options)
    {
        WireValue? made = !operation.IsRead && reply is not null && WireValue.TryParse(reply.Body.Span, out WireValue? answer) && answer.IsObject ? answer : null;
        List<(string Arn, string Type)> resources = AuditResources.Find(operation, path, made, options.Region);
        if (resources.Count == 0) return;
        json.WriteStartArray("resources");
        foreach ((string arn, string type) in resources)
        {
            json.WriteStartObject();
            json.WriteString("ARN", arn);
            json.WriteString("accountId", options.AccountId);
            json.WriteString("type", type);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteIdentity(Utf8JsonWriter json, string key, string account)
    {
        json.WriteStartObject("userIdentity");
        if (key.Length == 0)
        {
            // Nobody signed: somebody on this machine, where no keys are configured.
            json.WriteString("type", "Unknown");
            json.WriteString("principalId", "");
            json.WriteString("accountId", account);
        }
        else
        {
            json.WriteString("type", "IAMUser");
            json.WriteString("principalId", key);
            json.WriteString("arn", $"arn:aws:iam::{account}:user/{key}");
            json.WriteString("accountId", account);
            json.WriteString("accessKeyId", key);
            json.WriteString("userName", key);
        }

        json.WriteEndObject();
    }

    private static void WriteParameters(Utf8JsonWriter json, Operation operation, IReadOnlyList<KeyValuePair<string, string>> path, ManagementRequest request)
    {
        IReadOnlyList<KeyValuePair<string, string>> query = QueryText.Read(request.Query);
        if (path.Count == 0 && query.Count == 0 && request.Body.IsEmpty)
        {
            json.WriteNullValue();
            return;
        }

        json.WriteStartObject();

        // Of two members with one name readers take the last, so what a query or a body says must not stand in for what was called.
        var told = new HashSet<string>(StringComparer.Ordinal);
        foreach ((string name, string value) in path)
        {
            told.Add(CamelOf(name));
            json.WriteString(CamelOf(name), value);
        }

        foreach ((string name, string value) in query)
        {
            if (told.Add(name)) json.WriteString(name, MaskSecrets.IsSecret(name) ? MaskSecrets.Mask : value);
        }

        if (operation.Version == ServiceVersion.V2 && !operation.TakesRawBody && request.Body.Length is > 0 and <= MostBytes && WireValue.TryParse(request.Body.Span, out WireValue? members) && members.IsObject)
        {
            // V2 has them beside the ids.
            MaskSecrets.Run(members, operation);
            foreach ((string name, WireValue value) in members.Members)
            {
                if (!told.Add(name)) continue;
                json.WritePropertyName(name);
                if (operation.HasDocument && name == "body") WriteOmitted(json, Encoding.UTF8.GetByteCount(value.Text));
                else value.WriteTo(json);
            }
        }
        else if (!request.Body.IsEmpty)
        {
            json.WritePropertyName(operation.TakesRawBody ? "body" : $"{char.ToLowerInvariant(operation.Name[0])}{operation.Name.AsSpan(1)}Input");
            if (operation.TakesRawBody) WriteOmitted(json, request.Body.Length);
            else WriteMasked(json, operation, request.Body.Span);
        }

        if (operation.Version == ServiceVersion.V1) json.WriteBoolean("template", false);
        json.WriteEndObject();
    }

    private static void WriteMasked(Utf8JsonWriter json, Operation operation, ReadOnlySpan<byte> body)
    {
        if (body.Length > MostBytes || !WireValue.TryParse(body, out WireValue? value))
        {
            WriteOmitted(json, body.Length);
            return;
        }

        MaskSecrets.Run(value, operation);
        value.WriteTo(json);
    }

    private static void WriteOmitted(Utf8JsonWriter json, int bytes)
    {
        json.WriteStartObject();
        json.WriteBoolean("omitted", true);
        json.WriteNumber("originalSize", bytes);
        json.WriteEndObject();
    }

    // restapi_id as restApiId.
    private static string CamelOf(string name)
    {
        var camel = new StringBuilder(name.Length);
        bool up = false;
        foreach (char letter in name)
        {
            if (letter != '_') camel.Append(up ? char.ToUpperInvariant(letter) : letter);
            up = letter == '_';
        }

        return camel.Replace("restapi", "restApi").Replace("usageplan", "usagePlan").Replace("vpclink", "vpcLink")
            .Replace("requestvalidator", "requestValidator").Replace("clientcertificate", "clientCertificate").Replace("sdktype", "sdkType").ToString();
    }
}
