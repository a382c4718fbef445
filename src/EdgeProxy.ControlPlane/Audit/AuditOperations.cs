using System.Buffers;
using System.Globalization;
using System.Text;
using EdgeProxy.ControlPlane.Management;
using EdgeProxy.ControlPlane.Stores;
using EdgeProxy.ControlPlane.Wire;

namespace EdgeProxy.ControlPlane.Audit;

/// <summary>Calls of ours that tell what was called: <c>GET /audit</c> and <c>GET /audit/verification</c>.</summary>
public static class AuditOperations
{
    /// <summary>Most records of an answer.</summary>
    private const int Most = 500;

    public static IReadOnlyList<Operation> All { get; } =
    [
        new("LookupEvents", "GET /audit", 200, "", LookupEvents) { IsExtension = true, IsSlow = true },
        new("VerifyEvents", "GET /audit/verification", 200, "", VerifyEvents) { IsExtension = true, IsSlow = true },
    ];

    private static Reply LookupEvents(Call call)
    {
        if (call.Services.Audit is not { } audit) return Reply.NotFound("Nothing is noted down here.");
        if (!TryTime(call.Query("since"), long.MinValue, out long since) || !TryTime(call.Query("until"), long.MaxValue, out long until))
        {
            return Reply.BadRequest("since and until are times like 2026-11-23T10:00:00Z.");
        }

        long limit = 50;
        if (call.Query("limit") is { } given && (!TryNumber(given, out limit) || limit < 1)) return Reply.BadRequest("Invalid limit parameter. Must be a positive number.");
        long before = long.MaxValue;
        if (call.Query("nextToken") is { Length: > 0 } token && !TryNumber(token, out before)) return Reply.BadRequest("Invalid nextToken parameter.");
        var question = new AuditQuestion
        {
            Since = since,
            Until = until,
            Name = call.Query("event") ?? "",
            User = call.Query("user") ?? "",
            Limit = (int)Math.Min(limit, Most),
            Before = before,
        };
        try
        {
            List<byte[]> found = audit.Find(question, out long? next);
            var text = new ArrayBufferWriter<byte>(4096);
            text.Write("{\"Records\":["u8);
            for (int i = 0; i < found.Count; i++)
            {
                if (i > 0) text.Write(","u8);
                text.Write(found[i]);
            }

            text.Write("]"u8);
            if (next is { } more) text.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $",\"nextToken\":\"{more}\"")));
            text.Write("}"u8);
            return Reply.Of(text.WrittenMemory);
        }
        catch (StoreException exception)
        {
            return Reply.Fault(ErrorType.ServiceUnavailableException, exception.Message);
        }
    }

    private static Reply VerifyEvents(Call call)
    {
        if (call.Services.Audit is not { } audit) return Reply.NotFound("Nothing is noted down here.");
        WireValue trails = WireValue.NewList();
        bool isWhole = true;
        try
        {
            foreach (AuditTrailKind trail in (ReadOnlySpan<AuditTrailKind>)[AuditTrailKind.Changes, AuditTrailKind.Reads])
            {
                AuditFinding finding = audit.Verify(trail);
                isWhole &= finding.Problem is null;
                trails.Items.Add(WireValue.NewObject()
                    .Set("trail", AuditEntry.NameOf(trail))
                    .Set("first", finding.First)
                    .Set("last", finding.Last)
                    .Set("hash", finding.Hash)
                    .Set("problem", finding.Problem));
            }
        }
        catch (StoreException exception)
        {
            return Reply.Fault(ErrorType.ServiceUnavailableException, exception.Message);
        }

        return Reply.Of(WireValue.NewObject().Set("isWhole", isWhole).Set("trails", trails));
    }

    private static bool TryTime(string? text, long absent, out long milliseconds)
    {
        milliseconds = absent;
        if (string.IsNullOrEmpty(text)) return true;
        if (!DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time)) return false;
        milliseconds = time.ToUnixTimeMilliseconds();
        return true;
    }

    private static bool TryNumber(string text, out long number) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
