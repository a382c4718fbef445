using EdgeProxy.ControlPlane.Management.Shapes;

namespace EdgeProxy.ControlPlane.Management;

/// <summary>One operation of the management API: a row of the tables in control-plane.md 1.5 and 2.2.</summary>
public sealed class Operation
{
    private readonly string _members;
    private MemberShape[]? _shape;

    /// <param name="name">Its name, for example <c>CreateApiKey</c>.</param>
    /// <param name="target">
    /// Method and path, for example <c>POST /apikeys</c>; <c>?mode=import</c> behind the path for the two that imports share with creates; <c>{name+}</c> takes the rest of the path.
    /// </param>
    /// <param name="status">The status when it was done.</param>
    /// <param name="members">The request's members as the tables write them: <c>name*:str tags:map&lt;str&gt;</c>; of enumerations with their name: <c>type*:enum&lt;IntegrationType&gt;</c>. Without query members.</param>
    /// <param name="run">Does it.</param>
    public Operation(string name, string target, int status, string members, Func<Call, Reply> run)
    {
        Name = name;
        int blank = target.IndexOf(' ', StringComparison.Ordinal);
        Method = target[..blank];
        Path = target[(blank + 1)..];
        IsImport = Path.EndsWith("?mode=import", StringComparison.Ordinal);
        if (IsImport) Path = Path[..^"?mode=import".Length];
        Version = Path.StartsWith("/v2/", StringComparison.Ordinal) ? ServiceVersion.V2 : ServiceVersion.V1;
        Status = status;
        _members = members;
        Run = run;
    }

    public string Name { get; }

    /// <summary>Upper case.</summary>
    public string Method { get; }

    /// <summary>With names in braces.</summary>
    public string Path { get; }

    /// <summary>Whether it is the one of its method and path with <c>mode=import</c>.</summary>
    public bool IsImport { get; }

    public ServiceVersion Version { get; }

    public int Status { get; }

    public Func<Call, Reply> Run { get; }

    /// <summary>Whether it changes nothing, and so needs neither the lock nor the store's word.</summary>
    public bool IsRead => Method == "GET";

    /// <summary>Whether the body is not JSON members but a document or a table.</summary>
    public bool TakesRawBody { get; init; }

    /// <summary>Whether its member <c>body</c> is a document, of which the audit tells no more than how long it is: nobody knows what secrets it holds.</summary>
    public bool HasDocument { get; init; }

    /// <summary>Whether it changes nothing although it is a POST, and may wait for back ends: runs without the lock.</summary>
    public bool IsTest { get; init; }

    /// <summary>Whether it is a read that reads the store, unpacks deployments or works out schemas, and so must not run where requests arrive.</summary>
    public bool IsSlow { get; init; }

    /// <summary>Whether it is no operation of the service but one of ours; such calls are audited like the others.</summary>
    public bool IsExtension { get; init; }

    internal MemberShape[] Members => _shape ??= ShapeText.Read(_members);
}
