using System.Runtime.CompilerServices;
using EdgeProxy.ControlPlane.Records;
using EdgeProxy.ControlPlane.Wire;
using EdgeProxy.Core.Concurrency;
using EdgeProxy.Http.Server;

namespace EdgeProxy.ControlPlane.Management;

/// <summary>What a management call is answered. A fault keeps nothing of what the call changed.</summary>
public sealed class Reply
{
    private Reply(ReadOnlyMemory<byte> body, string contentType)
    {
        Body = body;
        ContentType = contentType;
    }

    /// <summary>Without a body.</summary>
    public static Reply Empty { get; } = new(default, "application/json");

    public ReadOnlyMemory<byte> Body { get; }

    public string ContentType { get; }

    /// <summary>For downloads: the <c>Content-Disposition</c> field; null for none.</summary>
    public string? Disposition { get; private init; }

    /// <summary>For what waits for back ends: gives the answer, on the loop that it is called on. Null for all others, which are the answer.</summary>
    public Func<Exchange?, LoopTask<Reply>>? Later { get; private init; }

    /// <summary>Null when the call was done.</summary>
    public ErrorType? Error { get; private init; }

    /// <summary>The setting whose limit the call met; null for none. Also calls that were done may meet one, and do less.</summary>
    public string? Limit { get; private init; }

    /// <summary>What a fault says; empty for others.</summary>
    public string Message { get; private init; } = "";

    public bool IsFault => Error is not null;

    /// <summary>A fault's status; 0 for others, which have their operation's.</summary>
    public int FaultStatus => Error switch
    {
        null => 0,
        ErrorType.NotFoundException => 404,
        ErrorType.ConflictException => 409,
        ErrorType.AccessDeniedException => 403,
        ErrorType.LimitExceededException or ErrorType.TooManyRequestsException => 429,
        ErrorType.ServiceUnavailableException => 503,
        ErrorType.InternalServerErrorException => 500,
        _ => 400,
    };

    /// <summary>Seconds after which to try again, for <c>Retry-After</c>; null for none.</summary>
    public int? RetryAfter => FaultStatus is 429 or 503 ? 1 : null;

    public static Reply Of(WireValue value) => new(value.ToBytes(), "application/json");

    public static Reply Of(Record record) => new(record.Json, "application/json");

    /// <param name="json">A JSON value.</param>
    public static Reply Of(ReadOnlyMemory<byte> json) => new(json, "application/json");

    /// <summary>A download.</summary>
    public static Reply File(byte[] content, string contentType, string? fileName) =>
        new(content, contentType) { Disposition = fileName is null ? null : $"attachment; filename=\"{fileName}\"" };

    /// <summary>An answer that is still to come.</summary>
    /// <param name="later">Gives it; told whose request it is, so that it ends when that client goes, or null. Once, on a loop.</param>
    public static Reply Await(Func<Exchange?, LoopTask<Reply>> later) => new(default, "application/json") { Later = later };

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Reply BadRequest(string message) => Fault(ErrorType.BadRequestException, message);

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Reply NotFound(string message) => Fault(ErrorType.NotFoundException, message);

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Reply Conflict(string message) => Fault(ErrorType.ConflictException, message);

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Reply LimitExceeded(string limit, string message) => Fault(ErrorType.LimitExceededException, message).Meeting(limit);

    /// <summary>Something in the request is larger than a setting allows.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Reply TooLarge(string limit, string message) => Fault(ErrorType.BadRequestException, message).Meeting(limit);

    /// <summary>V2: what was not found, in a member of its own (control-plane.md 2.5).</summary>
    public static Reply NotFound(string message, string resourceType) => Fault(ErrorType.NotFoundException, message, "resourceType", resourceType);

    /// <summary>V2: which limit was reached, in a member of its own (control-plane.md 2.5).</summary>
    public static Reply TooMany(string limit, string message, string limitType) => Fault(ErrorType.TooManyRequestsException, message, "limitType", limitType).Meeting(limit);

    /// <summary>The same answer, told to have met a limit; the first one met is the one that is told.</summary>
    /// <param name="limit">The setting; null for none.</param>
    public Reply Meeting(string? limit) => limit is null || Limit is not null
        ? this
        : new Reply(Body, ContentType) { Disposition = Disposition, Later = Later, Error = Error, Message = Message, Limit = limit };

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Reply Fault(ErrorType error, string message) => new(WireValue.NewObject().Set("message", message).ToBytes(), "application/json") { Error = error, Message = message };

    private static Reply Fault(ErrorType error, string message, string member, string value) =>
        new(WireValue.NewObject().Set("message", message).Set(member, value).ToBytes(), "application/json") { Error = error, Message = message };
}
