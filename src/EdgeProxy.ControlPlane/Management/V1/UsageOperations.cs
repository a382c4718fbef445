using System.Buffers;
using System.Globalization;
using System.Text.Json;
using EdgeProxy.ControlPlane.Management.Patches;
using EdgeProxy.ControlPlane.Records;
using EdgeProxy.Gateway.Operations;

namespace EdgeProxy.ControlPlane.Management.V1;

/// <summary>What API keys used of usage plans (control-plane.md 1.5, 1.6), as it is at this moment. Plans of the settings are here as well.</summary>
internal static class UsageOperations
{
    private const int MostDays = 366;
    private const long MostRemaining = 1_000_000_000_000;

    public static IReadOnlyList<Operation> All { get; } =
    [
        new("GetUsage", "GET /usageplans/{usageplanId}/usage", 200, "", Get),
        new("UpdateUsage", "PATCH /usageplans/{usageplanId}/keys/{keyId}/usage", 200, PatchDocument.Members, Update),
    ];

    private static Reply Get(Call call)
    {
        if (DayOf(call.Query("startDate")) is not { } start || DayOf(call.Query("endDate")) is not { } end) return Reply.BadRequest("startDate and endDate are needed, written as 2026-11-22.");
        if (end < start || end.DayNumber - start.DayNumber >= MostDays) return Reply.BadRequest("endDate is not before startDate, and less than a year after it.");
        int limit = Paging.Default;
        if (call.Query("limit") is { } given && (!int.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit < 1)) return Reply.BadRequest("Invalid limit parameter. Must be a positive number.");
        string? position = call.Query("position") is { Length: > 0 } token ? token : null;
        if (position is not null && !int.TryParse(position, NumberStyles.None, CultureInfo.InvariantCulture, out _)) return Reply.BadRequest("Invalid position parameter.");

        // Nobody has used anything of a day to come.
        DateOnly today = DateOnly.FromDateTime(call.Now.UtcDateTime);
        string planId = call.Path("usageplanId");
        PlanUsage? found = call.Services.Usage?.Read(planId, start < today ? start : today, end < today ? end : today, call.Query("keyId") is { Length: > 0 } keyId ? keyId : null, position, limit);
        if (found is null && call.Book.Find(Scopes.Account, Kinds.UsagePlan, planId) is null) return Reply.NotFound(UsagePlanOperations.Unknown);
        return Write(planId, start, end, start > today ? null : found);
    }

    private static Reply Update(Call call)
    {
        string planId = call.Path("usageplanId");
        string keyId = call.Path("keyId");
        DateOnly today = DateOnly.FromDateTime(call.Now.UtcDateTime);
        if (call.Services.Usage?.Read(planId, today, today, keyId) is not { } before) return Reply.NotFound(UsagePlanOperations.Unknown);
        if (before.Keys.Count == 0) return Reply.NotFound(UsagePlanKeyOperations.Unknown);
        if (!PatchDocument.TryRead(call, out IReadOnlyList<PatchOperation> operations, out Reply? fault)) return fault;
        long? remaining = null;
        foreach (PatchOperation operation in operations)
        {
            if (operation.Path != "/remaining") return PatchDialect.Short.WrongPath(operation);
            if (operation.Op != PatchOp.Replace) return PatchDialect.Short.WrongOp(operation, new PatchRule("/remaining", "R"));
            if (!long.TryParse(operation.Value, NumberStyles.None, CultureInfo.InvariantCulture, out long value) || value > MostRemaining) return Reply.BadRequest($"Invalid value specified for /remaining, must be a whole number from 0 to {MostRemaining}");
            remaining = value;
        }

        if (remaining is { } granted && !(call.Services.SetUsage?.TrySetRemaining(planId, keyId, granted) ?? false)) return Reply.BadRequest($"The Usage Plan {planId} has no quota");
        if (remaining is not null && call.Services.KeepUsage?.Invoke() == false) return Reply.Fault(ErrorType.ServiceUnavailableException, "The usage was set but could not be kept yet. Try again.");
        return Write(planId, today, today, call.Services.Usage.Read(planId, today, today, keyId));
    }

    // SDKs make items of values.
    private static Reply Write(string planId, DateOnly start, DateOnly end, PlanUsage? found)
    {
        var text = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(text))
        {
            json.WriteStartObject();
            json.WriteString("usagePlanId", planId);
            json.WriteString("startDate", TextOf(start));
            json.WriteString("endDate", TextOf(end));
            if (found?.Position is { } position) json.WriteString("position", position);
            json.WriteStartObject("values");
            foreach (KeyUsage key in found?.Keys ?? [])
            {
                json.WriteStartArray(key.KeyId);
                foreach (DayUsage day in key.Days)
                {
                    json.WriteStartArray();
                    json.WriteNumberValue(day.Used);
                    json.WriteNumberValue(day.Remaining);
                    json.WriteEndArray();
                }

                json.WriteEndArray();
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        return Reply.Of(text.WrittenMemory);
    }

    private static string TextOf(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static DateOnly? DayOf(string? text) => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly day) ? day : null;
}
