using EdgeProxy.Core.Concurrency;
using EdgeProxy.Http.Client;
using EdgeProxy.Identity.SigV4;

namespace EdgeProxy.Lambda.Invocation;

/// <summary>One loop's way to every function that the node's table names.</summary>
/// <remarks>Loop thread only, but for <see cref="Table"/>, which any thread may swap: the next call sees the new one, calls under way keep theirs.</remarks>
public sealed class FunctionClients : IFunctionClient
{
    private const int MostBindings = 4096;

    // Plans hold their names: the same object comes again with each request, and needs no hashing of strings.
    private readonly Dictionary<FunctionName, FunctionBinding?> _byReference = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<FunctionName, FunctionBinding?> _byValue = [];
    private FunctionTable _table;
    private FunctionTable _bound;

    /// <param name="loop">The loop.</param>
    /// <param name="upstreams">Its connections.</param>
    /// <param name="metrics">What is counted.</param>
    /// <param name="time">The wall clock, for signatures.</param>
    /// <param name="table">Which functions there are; more may come by <see cref="Table"/>.</param>
    public FunctionClients(EventLoop loop, UpstreamClient upstreams, CallMetrics metrics, TimeProvider time, FunctionTable? table = null)
    {
        Loop = loop;
        Upstreams = upstreams;
        Metrics = metrics;
        Time = time;
        _table = _bound = table ?? FunctionTable.Empty;
        Queue = new EventQueue(this);
    }

    public EventLoop Loop { get; }

    /// <summary>Which functions there are.</summary>
    public FunctionTable Table
    {
        get => Volatile.Read(ref _table);
        set => Volatile.Write(ref _table, value);
    }

    internal UpstreamClient Upstreams { get; }

    internal CallMetrics Metrics { get; }

    internal TimeProvider Time { get; }

    /// <summary>For signing, one request at a time.</summary>
    internal CanonicalRequest Canonical { get; } = new();

    /// <summary>Calls that nobody waits for.</summary>
    internal EventQueue Queue { get; }

    public FunctionCall? RentOrNull(FunctionName function)
    {
        FunctionTable table = Table;
        if (!ReferenceEquals(table, _bound))
        {
            _byReference.Clear();
            _byValue.Clear();
            _bound = table;
        }

        if (!_byReference.TryGetValue(function, out FunctionBinding? binding))
        {
            // Names that stage variables or clients of the Invoke endpoint make are without number.
            if (_byReference.Count >= MostBindings) _byReference.Clear();
            if (!_byValue.TryGetValue(function, out binding))
            {
                if (_byValue.Count >= MostBindings) _byValue.Clear();
                binding = table.FindOrNull(function)?.Bind(function, this);
                _byValue.Add(function, binding);
            }

            _byReference.Add(function, binding);
        }

        return binding?.Rent();
    }
}
