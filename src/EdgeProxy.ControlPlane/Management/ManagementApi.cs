using System.Diagnostics.CodeAnalysis;
using EdgeProxy.Compiler.Problems;
using EdgeProxy.ControlPlane.Audit;
using EdgeProxy.ControlPlane.Deployments;
using EdgeProxy.ControlPlane.Management.Shapes;
using EdgeProxy.ControlPlane.Records;
using EdgeProxy.ControlPlane.Stores;
using EdgeProxy.ControlPlane.Wire;

namespace EdgeProxy.ControlPlane.Management;

/// <summary>The management APIs of both versions: from a request to its answer.</summary>
/// <remarks><code>
///   request --> operation --> shape of the body --> run --fault--> nothing kept
///                                                    | done; what follows from it: deployments that nobody asked for
///                                       prepared: compiled aside --cannot be served--> 400, nothing kept
///                                                    |
///                                        store: on the disk --cannot--> 503, nothing kept
///                                                    |
///                                    the book everybody reads --> published --> answer
/// </code>
/// Reads take the book of the moment and no lock, on any thread; changes go one after another.
/// </remarks>
public sealed class ManagementApi
{
    private readonly Lock _changes;
    private readonly ManagementServices _services;
    private readonly TimeProvider _clock;
    private volatile RecordBook _book;

    /// <param name="operations">What can be called.</param>
    /// <param name="book">What the store had.</param>
    /// <param name="services">The doors to the rest.</param>
    /// <param name="options">What is said of the node.</param>
    /// <param name="clock">Dates records.</param>
    /// <param name="changes">Held by whoever changes what is served besides calls; null where nobody does.</param>
    public ManagementApi(OperationTable operations, RecordBook book, ManagementServices services, ManagementOptions options, TimeProvider clock, Lock? changes = null)
    {
        _changes = changes ?? new Lock();
        Operations = operations;
        _book = book;
        _services = services;
        Options = options;
        _clock = clock;
    }

    public OperationTable Operations { get; }

    /// <summary>The records of this moment.</summary>
    public RecordBook Book => _book;

    public ManagementOptions Options { get; set; }

    /// <summary>Held by whoever changes what is served: a change by a call, a reload of files.</summary>
    public Lock Changes => _changes;

    /// <summary>Whether a request changes nothing and waits for nothing, so that it can be answered where it arrived.</summary>
    public bool IsQuick(ManagementRequest request) => request.Method == "GET" && Operations.Find("GET", request.Path, isImport: false, []) is not { IsSlow: true };

    /// <summary>Answers a request. May wait for the disk, and for other changes.</summary>
    /// <param name="request">The request.</param>
    /// <param name="status">The answer's status.</param>
    public Reply Answer(ManagementRequest request, out int status)
    {
        var path = new List<KeyValuePair<string, string>>();
        bool isImport = request.Query.Contains("mode=import", StringComparison.Ordinal);
        Operation? operation = Operations.Find(request.Method, request.Path, isImport, path);
        bool isNoted = false;
        Reply reply;
        try
        {
            reply = operation is null ? Reply.NotFound("No operation has this method and path.") : Answer(operation, path, request, out isNoted);
        }
        catch (StoreException exception)
        {
            // What a call reads beside records lies on the disk.
            reply = Reply.Fault(ErrorType.ServiceUnavailableException, exception.Message);
        }

        if (operation is { IsTest: false } && !isNoted) _services.Audit?.Note(AuditForm.Write(operation, path, request, reply, Options, _clock.GetUtcNow()));
        status = reply.IsFault ? reply.FaultStatus : operation!.Status;
        return reply;
    }

    /// <summary>Notes down that somebody who is known was refused.</summary>
    /// <param name="request">What was asked; its body is not looked at.</param>
    /// <param name="error">By which name.</param>
    /// <param name="message">Why.</param>
    public void NoteRefused(ManagementRequest request, string error, string message)
    {
        if (_services.Audit is not { } audit) return;
        var path = new List<KeyValuePair<string, string>>();
        if (Operations.Find(request.Method, request.Path, request.Query.Contains("mode=import", StringComparison.Ordinal), path) is { } operation)
        {
            audit.Note(AuditForm.WriteRefused(operation, path, request, error, message, Options, _clock.GetUtcNow()));
        }
    }

    // What was kept is noted down with it, the rest by whoever called this.
    private Reply Answer(Operation operation, List<KeyValuePair<string, string>> path, ManagementRequest request, out bool isNoted)
    {
        isNoted = false;
        WireValue? body = null;
        if (!operation.TakesRawBody && request.Body.Length > 0)
        {
            if (!WireValue.TryParse(request.Body.Span, out body) || !body.IsObject) return Reply.Fault(ErrorType.SerializationException, "The body is not a JSON object.");
        }

        body ??= WireValue.NewObject();
        if (CheckShape.Run(operation, body, Options.Limits) is { } wrong) return wrong;
        body.DropNulls();
        CheckShape.Prune(operation, body);
        if (operation.IsRead || operation.IsTest)
        {
            Call read = NewCall();
            return operation.Run(read).Meeting(read.LimitMet);
        }

        lock (_changes)
        {
            Call call = NewCall();
            Reply reply = operation.Run(call).Meeting(call.LimitMet);
            if (reply.IsFault || !call.Book.HasChanges) return reply;
            AuditEntry? entry = _services.Audit is null ? null : AuditForm.Write(operation, path, request, reply, Options, _clock.GetUtcNow());
            if (Keep(call.Book, entry, out string? limit) is { } failed) return failed;
            isNoted = true;
            return reply.Meeting(limit);
        }

        Call NewCall() => new(operation, path, request) { Body = body, Book = new BookEdit(_book), Now = _clock.GetUtcNow(), Options = Options, Services = _services };
    }

    /// <summary>Changes records other than by a call: what files bring in. Null when it was done.</summary>
    public Reply? Change(Action<BookEdit> change)
    {
        lock (_changes)
        {
            var edit = new BookEdit(_book);
            change(edit);
            return Keep(edit, audit: null, out _);
        }
    }

    private Reply? Keep(BookEdit edit, AuditEntry? audit, out string? limit)
    {
        limit = null;
        if (!edit.HasChanges) return null;
        if (!TryPrepare(ref edit, out IPublication? publication, out limit, out Reply? refused)) return refused;
        try
        {
            _services.Store.Commit(edit.Changes, edit.Snapshots, audit);
        }
        catch (StoreException exception)
        {
            publication?.Abandon();
            return Reply.Fault(ErrorType.ServiceUnavailableException, exception.Message);
        }

        _book = edit.Result();
        publication?.Publish();
        return null;
    }

    // What nobody asked for and cannot be served must not keep from being stored what somebody did ask for.
    private bool TryPrepare(ref BookEdit edit, out IPublication? publication, out string? limit, [NotNullWhen(false)] out Reply? refused)
    {
        limit = null;
        BookEdit? asked = null;
        foreach (IEditStep step in _services.Steps)
        {
            if (asked is null && step.IsOptional(Options)) asked = edit.Copy();
            string? met = step.Run(edit, _clock.GetUtcNow(), Options);
            limit ??= met;
            if (asked is not null && !step.IsOptional(Options)) step.Run(asked, _clock.GetUtcNow(), Options);
        }

        refused = null;
        var problems = new ProblemList();
        if (_services.Publisher.TryPrepare(edit, problems, out publication)) return true;
        List<string> deployed = asked is null ? [] : DeployedBeyond(asked, edit);
        var own = new ProblemList();
        if (deployed.Count == 0 || !_services.Publisher.TryPrepare(asked!, own, out publication))
        {
            refused = Reply.BadRequest(TextOf(deployed.Count == 0 ? problems : own));
            return false;
        }

        foreach (string api in deployed) _services.DeploymentFailed?.Invoke(api, TextOf(problems));
        edit = asked!;
        return true;
    }

    // The APIs of which a change froze something that another did not.
    private static List<string> DeployedBeyond(BookEdit asked, BookEdit edit)
    {
        var apis = new List<string>();
        foreach (RecordChange change in edit.Changes)
        {
            if (change.Kind != Kinds.Deployment || change.Record is null || asked.Find(change.Scope, change.Kind, change.Key) is not null) continue;
            string api = change.Scope[(change.Scope.LastIndexOf('/') + 1)..];
            if (!apis.Contains(api)) apis.Add(api);
        }

        return apis;
    }

    private static string TextOf(ProblemList problems)
    {
        var errors = new List<string>();
        foreach (Problem problem in problems)
        {
            if (problem.Severity == ProblemSeverity.Error && errors.Count < 10) errors.Add(problem.Message);
        }

        return string.Join(" ", errors);
    }
}
