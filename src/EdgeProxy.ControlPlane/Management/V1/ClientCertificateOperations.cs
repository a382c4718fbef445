using System.Text;
using EdgeProxy.ControlPlane.Management.Patches;
using EdgeProxy.ControlPlane.Records;
using EdgeProxy.ControlPlane.Wire;

namespace EdgeProxy.ControlPlane.Management.V1;

/// <summary>Client certificates, by which back ends know the gateway (control-plane.md 3.6). Private keys are records of their own, which no operation reads.</summary>
internal static class ClientCertificateOperations
{
    private const string Unknown = "Invalid Client Certificate identifier specified";
    private const int DaysValid = 365;

    private static readonly PatchRule[] s_rules = [new("/description", "R")];

    public static IReadOnlyList<Operation> All { get; } =
    [
        new("GetClientCertificates", "GET /clientcertificates", 200, "", static call => Paging.List(call, call.Book.All(Scopes.Account, Kinds.ClientCertificate))),
        new("GenerateClientCertificate", "POST /clientcertificates", 201, "description:str tags:map<str>", Generate),
        new("GetClientCertificate", "GET /clientcertificates/{clientcertificate_id}", 200, "", static call => FindOrNull(call) is { } found ? Tagging.Show(found) : Reply.NotFound(Unknown)),
        new("UpdateClientCertificate", "PATCH /clientcertificates/{clientcertificate_id}", 200, PatchDocument.Members, Update),
        new("DeleteClientCertificate", "DELETE /clientcertificates/{clientcertificate_id}", 202, "", Delete),
    ];

    private static Record? FindOrNull(Call call) => call.Book.Find(Scopes.Account, Kinds.ClientCertificate, call.Path("clientcertificate_id"));

    private static Reply Generate(Call call)
    {
        int most = call.Options.Limits.ClientCertificates;
        if (call.Book.All(Scopes.Account, Kinds.ClientCertificate).Count >= most) return Reply.LimitExceeded(LimitNames.ClientCertificates, $"Maximum number of Client Certificates has been reached: {most}");
        if (call.Services.NewClientCertificate is not { } make) return Reply.Fault(ErrorType.ServiceUnavailableException, "This node makes no certificates.");
        if (!Tagging.TryTakeId(call, Ids.Short, id => call.Book.Find(Scopes.Account, Kinds.ClientCertificate, id) is not null, out string? id, out Reply? fault)) return fault;
        (byte[] certificate, byte[] key) = make();
        WireValue made = WireValue.NewObject()
            .Set("clientCertificateId", id)
            .Take(call.Body, "description")
            .Set("pemEncodedCertificate", Encoding.ASCII.GetString(certificate))
            .Set("createdDate", call.NowSeconds)
            .Set("expirationDate", call.Now.AddDays(DaysValid).ToUnixTimeSeconds());
        if (Tagging.Take(call, made, call.Body) is { } wrongTags) return wrongTags;
        call.Book.Put(Scopes.Account, Kinds.ClientCertificate, id, made);
        call.Book.Put(Scopes.Account, Kinds.ClientCertificateKey, id, WireValue.NewObject().Set("key", Encoding.ASCII.GetString(key)));
        return Reply.Of(made);
    }

    private static Reply Update(Call call)
    {
        if (FindOrNull(call) is not { } found) return Reply.NotFound(Unknown);
        if (!PatchDocument.TryRead(call, out IReadOnlyList<PatchOperation> operations, out Reply? fault)) return fault;
        WireValue certificate = found.Open();
        if (ApplyPatch.Run(certificate, operations, s_rules, PatchDialect.Short) is { } refused) return refused;
        var record = new Record(found.Key, certificate.ToBytes());
        call.Book.Put(Scopes.Account, Kinds.ClientCertificate, record);
        return Tagging.Show(record);
    }

    private static Reply Delete(Call call)
    {
        string id = call.Path("clientcertificate_id");
        if (References.Find(call.Book, Kinds.Stage, "clientCertificateId", id) is [{ } user, ..]) return Reply.Conflict($"Cannot delete client certificate {id}, it is used by the stage {user}");
        if (!call.Book.Remove(Scopes.Account, Kinds.ClientCertificate, id)) return Reply.NotFound(Unknown);
        call.Book.Remove(Scopes.Account, Kinds.ClientCertificateKey, id);
        return Reply.Empty;
    }
}
