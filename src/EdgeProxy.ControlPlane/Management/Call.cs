using EdgeProxy.ControlPlane.Records;
using EdgeProxy.ControlPlane.Wire;

namespace EdgeProxy.ControlPlane.Management;

/// <summary>One management call under way: what was asked, and the records it reads and changes.</summary>
public sealed class Call
{
    private readonly IReadOnlyList<KeyValuePair<string, string>> _path;

    internal Call(Operation operation, IReadOnlyList<KeyValuePair<string, string>> path, ManagementRequest request)
    {
        Operation = operation;
        _path = path;
        Request = request;
        QueryPairs = QueryText.Read(request.Query);
    }

    public Operation Operation { get; }

    public ManagementRequest Request { get; }

    /// <summary>The body of an operation with members, which has their types and all that are required; an empty object without a body.</summary>
    public WireValue Body { get; internal init; } = WireValue.NewObject();

    /// <summary>The records. What a call that ends in a fault changed is thrown away.</summary>
    public required BookEdit Book { get; init; }

    public required DateTimeOffset Now { get; init; }

    public required ManagementOptions Options { get; init; }

    public required ManagementServices Services { get; init; }

    /// <summary>The query in its order, decoded.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> QueryPairs { get; }

    /// <summary>The setting whose limit the call met although it goes on; null for none.</summary>
    public string? LimitMet { get; private set; }

    /// <summary>Tells that a limit has the call do less than was asked.</summary>
    /// <param name="limit">The setting.</param>
    public void Meet(string limit) => LimitMet ??= limit;

    /// <summary>The time as V1 writes it: whole seconds since 1970.</summary>
    public long NowSeconds => Now.ToUnixTimeSeconds();

    /// <summary>The time as V2 writes it.</summary>
    public string NowText => TextOf(Now);

    /// <summary>A time as V2 writes it.</summary>
    public static string TextOf(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Refuses secrets to who may read only; null for all others.</summary>
    public Reply? RefuseSecrets() => Request.IsReader
        ? Reply.Fault(ErrorType.AccessDeniedException, $"The key {Request.AccessKeyId} may read only (admin.credentials), and secrets take full rights.")
        : null;

    /// <summary>A value out of the path, decoded.</summary>
    /// <param name="name">As between the braces of the operation's path.</param>
    public string Path(string name)
    {
        foreach ((string key, string value) in _path)
        {
            if (string.Equals(key, name, StringComparison.Ordinal)) return value;
        }

        throw new ArgumentException($"{Operation.Name} has no {name} in its path", nameof(name));
    }

    /// <summary>A value out of the query, decoded; null when it is not there. Names are matched with case.</summary>
    public string? Query(string name)
    {
        foreach ((string key, string value) in QueryPairs)
        {
            if (string.Equals(key, name, StringComparison.Ordinal)) return value;
        }

        return null;
    }

    /// <summary>Whether a value out of the query is <c>true</c>.</summary>
    public bool IsTrue(string name) => string.Equals(Query(name), "true", StringComparison.OrdinalIgnoreCase);
}
