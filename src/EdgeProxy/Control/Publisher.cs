using System.Diagnostics;
using EdgeProxy.Commands;
using EdgeProxy.Compiler;
using EdgeProxy.Compiler.Problems;
using EdgeProxy.ControlPlane.Deployments;
using EdgeProxy.ControlPlane.Records;
using EdgeProxy.Definitions;
using EdgeProxy.Gateway.Operations;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Gateway.Upstreams;
using EdgeProxy.Lambda.Invocation;
using EdgeProxy.Settings;
using EdgeProxy.Transport.Tls;
using Microsoft.Extensions.Logging;

namespace EdgeProxy.Control;

/// <summary>Makes one snapshot of what files say and what the management API stores, and puts it in force.</summary>
/// <remarks><code>
///   files, settings --reload--> Configure --\                                           /--> snapshot swapped
///                                            > compiled aside --no error--> Publication  --> upstreams' TLS, health checks
///   a call's records ---------> TryPrepare -/         | error                           \--> what the next one goes on from
///                                                     v
///                            a reload that fails, a 400 of the call; what serves goes on serving
/// </code>
/// Both hold <see cref="Changes"/>: one after another.
/// </remarks>
/// <param name="parts">The node.</param>
internal sealed class Publisher(Composition parts) : IPublisher
{
    private readonly PublisherMetrics _metrics = new(parts.Metrics);
    private StagedApis? _staged;
    private StagedChange? _found;
    private RecordBook _book = RecordBook.Empty;
    private IReadOnlyList<MountedApi> _files = [];
    private NodeSettings? _settings;
    private SnapshotInputs? _inputs;
    private UpstreamTlsContexts? _upstreams;
    private IReadOnlyList<UpstreamGroup> _checked = [];

    /// <summary>Held by whoever changes what is served: a reload, a call of the management API.</summary>
    public Lock Changes { get; } = new();

    /// <summary>The records of this moment. Under <see cref="Changes"/>.</summary>
    public RecordBook Book => _book;

    /// <summary>Told when custom domains of the management API have changed.</summary>
    public Action<RecordBook>? ServeDomains { get; set; }

    /// <summary>APIs in force: those of files, and the stored ones of which a stage is served.</summary>
    public int Apis { get; private set; }

    /// <summary>The settings in force; null before the first.</summary>
    public NodeSettings? Settings => _settings;

    private ILogger Log => parts.Log;

    /// <summary>Takes the records over that the store has. Before the first configuration.</summary>
    public void Open(IRecordStore store, RecordBook book)
    {
        _staged = new StagedApis(store);
        _book = book;
        _found = _staged.Load(book);
        foreach (RecordScope scope in book.Below(Scopes.Apis))
        {
            if (scope.All(Kinds.Stage).Count > 0) PublisherLog.NotServedYet(Log, scope.Id[Scopes.Apis.Length..]);
        }
    }

    /// <summary>Compiles what a configuration says together with what is stored; null when there are errors. Of what is found at the start, stages that cannot be served are left out.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="apis">The APIs of files.</param>
    /// <param name="options">How the command line wants documents read.</param>
    /// <param name="functions">The functions there are.</param>
    /// <param name="problems">Gets what is wrong.</param>
    public Publication? ConfigureOrNull(NodeSettings settings, IReadOnlyList<LoadedApi> apis, RunOptions options, LoadedFunctions functions, ProblemList problems)
    {
        long start = Stopwatch.GetTimestamp();
        IReadOnlyList<MountedApi> files = ApiDocuments.Mounted(apis);
        CheckIds(files, problems);
        SnapshotInputs inputs = SnapshotSources.Of(settings, options, _book, parts.Compiler.Usage, functions.Takes, problems);
        List<MountedApi>? leftOut = _found is null ? null : [];
        GatewaySnapshot? snapshot = parts.Compiler.Compile([.. files, .. _found?.All ?? _staged?.All ?? []], inputs, problems, leftOut);
        UpstreamTls[] functionTls = [.. FunctionLoader.TlsOf(settings.Lambda)];

        // A file that a stored deployment names and that cannot be read any more keeps its own calls from being made, not the node from starting.
        HashSet<UpstreamTls> taken = [.. snapshot?.StoredUpstreamTls ?? new HashSet<UpstreamTls>()];
        taken.ExceptWith(functionTls);
        UpstreamTlsContexts upstreams = TlsLoader.LoadUpstreams(settings, [.. snapshot?.UpstreamTls ?? [], .. functionTls], problems, SnapshotSources.KeptCertificates(_book), taken);
        if (snapshot is null || problems.HasErrors)
        {
            Abandon();
            return null;
        }

        return new Publication(this, start, snapshot, inputs, _found, _book)
        {
            Files = files,
            Settings = settings,
            Upstreams = upstreams,
            LeftOut = leftOut ?? [],
        };
    }

    public bool TryPrepare(BookEdit edit, ProblemList problems, out IPublication? publication)
    {
        publication = null;
        if (_inputs is null || _staged is null || _settings is null) return true; // nothing is served yet, so all of it will be
        long start = Stopwatch.GetTimestamp();
        CheckIds(edit, problems);
        StagedChange? stages = _staged.ChangeOrNull(edit);
        SnapshotInputs inputs = SnapshotSources.After(_inputs, _settings, edit, parts.Compiler.Usage, problems);
        if (problems.HasErrors) return Refused();
        if (stages is null && ReferenceEquals(inputs, _inputs))
        {
            publication = new Unserved(this, edit);
            return true;
        }

        var found = new ProblemList();
        if (parts.Compiler.Compile([.. _files, .. stages?.All ?? _staged.All], inputs, found) is { } snapshot)
        {
            Dictionary<string, (byte[] Certificate, byte[] Key)>? kept = ReferenceEquals(inputs.ClientCertificates, _inputs.ClientCertificates) ? null : SnapshotSources.KeptCertificates(edit.Result());
            UpstreamTls[] functionTls = [.. FunctionLoader.TlsOf(_settings.Lambda)];
            HashSet<UpstreamTls> taken = [.. parts.Snapshots.Current.UpstreamTls, .. functionTls];
            UpstreamTlsContexts upstreams = _upstreams!.Next(kept);
            TlsLoader.LoadUpstreams(upstreams, _settings, [.. snapshot.UpstreamTls, .. functionTls], found, taken);
            publication = new Publication(this, start, snapshot, inputs, stages, edit.Result()) { Found = found, NextUpstreams = upstreams };
        }

        problems.AddRange(found);
        if (!found.HasErrors) return true;
        publication = null;
        return Refused();
    }

    /// <summary>Tells of an automatic deployment that cannot be served: the change that it followed from is kept, its stages serve what they served.</summary>
    public void TellFailed(string api, string why)
    {
        _metrics.CountFailed();
        PublisherLog.DeploymentFailed(Log, api, why);
    }

    // Of what is not going to serve nothing is to be left behind.
    private void Abandon() => parts.Compiler.Drop();

    private bool Refused()
    {
        Abandon();
        parts.Snapshots.CountRefused();
        _metrics.CountRefused();
        return false;
    }

    private void Publish(Publication made)
    {
        if (made.NextUpstreams is { } next) _upstreams!.Adopt(next);
        long version = parts.Snapshots.Swap(made.Snapshot);
        if (made.Upstreams is { } upstreams)
        {
            _upstreams = upstreams;
            foreach (TlsConnector connector in parts.SecureConnectors) connector.Contexts = upstreams;
        }

        if (!AreSame(made.Snapshot.Upstreams, _checked))
        {
            IReadOnlyList<UpstreamGroup> groups = made.Snapshot.Upstreams;
            _checked = groups;
            LoopAction.Post(parts.Loops[0], () => parts.Health.Follow(groups));
        }

        parts.Compiler.Keep();
        if (made.Stages is { } stages) _staged!.Keep(stages, made.LeftOut);
        _found = null;
        _files = made.Files ?? _files;
        _settings = made.Settings ?? _settings;
        bool domainsChanged = made.Settings is null && !ReferenceEquals(_inputs?.Domains, made.Inputs.Domains);
        if (!ReferenceEquals(_inputs?.Domains, made.Inputs.Domains)) WarnOfPrivate(made.Inputs.Domains);
        _inputs = made.Inputs;
        _book = made.Book;
        if (domainsChanged) ServeDomains?.Invoke(_book);
        Apis = _files.Count + (_staged?.Apis ?? 0);
        TimeSpan took = Stopwatch.GetElapsedTime(made.Start);
        _metrics.Show(_book, _staged?.Stages ?? 0);
        _metrics.CountPublished(made.Stages?.Touched.Count ?? 0, took);
        Tell(made, version, (long)took.TotalMilliseconds);
    }

    private void WarnOfPrivate(IReadOnlyList<DomainDefinition> domains)
    {
        string names = string.Join(", ", domains.Where(static domain => domain.IsPrivate).Select(static domain => domain.Name));
        if (names.Length > 0) PublisherLog.PrivateDomains(Log, names);
    }

    private void Tell(Publication made, long version, long milliseconds)
    {
        // Of a configuration the reload tells.
        if (made.Found is not { } problems) return;
        foreach (ServedStage stage in made.Stages?.Touched ?? [])
        {
            if (stage.Deployment is null) PublisherLog.Withdrawn(Log, stage.Stage, stage.Api, version, milliseconds);
            else if (stage.Canary is not null) PublisherLog.PublishedWithCanary(Log, stage.Stage, stage.Api, stage.Deployment, stage.Canary, version, milliseconds);
            else PublisherLog.Published(Log, stage.Stage, stage.Api, stage.Deployment, version, milliseconds);
        }

        if (made.Stages is null) PublisherLog.Changed(Log, version, milliseconds);
        foreach (Problem problem in problems) ProcessLog.Problem(Log, LogLevel.Warning, ProblemWriter.Line(problem));
    }

    // An id says which API a request means: of a file's and a stored one that have the same nobody could tell.
    private void CheckIds(IReadOnlyList<MountedApi> files, ProblemList problems)
    {
        foreach (MountedApi file in files)
        {
            if (_book.ScopeOrNull(Scopes.RestApi(file.Api.Id)) is null && _book.ScopeOrNull(Scopes.Api(file.Api.Id)) is null) continue;
            problems.Error(ProblemCode.DuplicatePlace, file.Stage.Origin ?? file.Api.Origin, $"The API id {file.Api.Id} is that of an API which the management API made. Give this one another id (apis[].id), or delete the other.");
        }
    }

    private void CheckIds(BookEdit edit, ProblemList problems)
    {
        foreach (RecordChange change in edit.Changes)
        {
            if (change.Record is null || change.Kind is not (Kinds.RestApi or Kinds.Api) || edit.Before.ScopeOrNull(change.Scope) is not null) continue;
            foreach (MountedApi file in _files)
            {
                if (file.Api.Id == change.Key) problems.Error(ProblemCode.DuplicatePlace, null, $"The API id {change.Key} is taken by the API {file.Api.Name}, which comes from a file of the configuration. Choose another id.");
            }
        }
    }

    private static bool AreSame(IReadOnlyList<UpstreamGroup> one, IReadOnlyList<UpstreamGroup> other)
    {
        if (one.Count != other.Count) return false;
        for (int i = 0; i < one.Count; i++)
        {
            if (!ReferenceEquals(one[i], other[i])) return false;
        }

        return true;
    }

    /// <summary>A snapshot that waits to serve.</summary>
    internal sealed class Publication(Publisher publisher, long start, GatewaySnapshot snapshot, SnapshotInputs inputs, StagedChange? stages, RecordBook book) : IPublication
    {
        /// <summary>When it was begun.</summary>
        public long Start => start;

        public GatewaySnapshot Snapshot => snapshot;

        public SnapshotInputs Inputs => inputs;

        /// <summary>Stored stages, where they are others than before.</summary>
        public StagedChange? Stages => stages;

        public RecordBook Book => book;

        /// <summary>APIs of files; null when they are as they were.</summary>
        public IReadOnlyList<MountedApi>? Files { get; init; }

        /// <summary>Null when they are as they were.</summary>
        public NodeSettings? Settings { get; init; }

        /// <summary>Null when those that are there go on.</summary>
        public UpstreamTlsContexts? Upstreams { get; init; }

        /// <summary>What follows those that are there; null for a configuration.</summary>
        public UpstreamTlsContexts? NextUpstreams { get; init; }

        /// <summary>Stored stages that could not be served.</summary>
        public IReadOnlyCollection<MountedApi> LeftOut { get; init; } = [];

        /// <summary>What was found about a change of records; null for a configuration.</summary>
        public ProblemList? Found { get; init; }

        public void Publish() => publisher.Publish(this);

        public void Abandon() => publisher.Abandon();
    }

    /// <summary>A change of records that changes nothing that is served.</summary>
    private sealed class Unserved(Publisher publisher, BookEdit edit) : IPublication
    {
        public void Publish()
        {
            publisher._book = edit.Result();
            publisher._metrics.Show(publisher._book, publisher._staged!.Stages);
            foreach (RecordChange change in edit.Changes)
            {
                bool isFirst = change.Kind == Kinds.Stage && change.Record is not null && change.Scope.StartsWith(Scopes.Apis, StringComparison.Ordinal) && edit.Before.Find(change.Scope, Kinds.Stage, change.Key) is null;
                if (isFirst) PublisherLog.NotServedYet(publisher.Log, change.Scope[Scopes.Apis.Length..]);
            }
        }
    }
}
