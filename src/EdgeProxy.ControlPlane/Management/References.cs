using EdgeProxy.ControlPlane.Deployments;
using EdgeProxy.ControlPlane.Records;
using EdgeProxy.ControlPlane.Wire;

namespace EdgeProxy.ControlPlane.Management;

/// <summary>Finds what of the APIs names a thing that is to be deleted.</summary>
internal static class References
{
    private const int Most = 10;

    /// <summary>The first few records of REST, HTTP and WebSocket APIs that have a text as a member, at any depth.</summary>
    /// <returns>Each as <c>{apiId}:{key}</c>.</returns>
    public static List<string> Find(BookEdit book, string kind, string member, string text)
    {
        byte[] sought = Written(member, text);
        var found = new List<string>();
        foreach (string prefix in new[] { Scopes.RestApis, Scopes.Apis })
        {
            foreach (RecordScope api in book.ScopesBelow(prefix))
            {
                foreach (Record record in api.All(kind))
                {
                    if (found.Count == Most) return found;
                    if (record.Json.Span.IndexOf(sought) >= 0) found.Add($"{api.Id[prefix.Length..]}:{record.Key}");
                }
            }
        }

        return found;
    }

    /// <summary>The first few methods and integrations that name a VPC link in what stages serve: an older deployment holds on to what the definition has let go.</summary>
    /// <remarks>Unpacks only deployments that have the link, as <see cref="FrozenLinks"/> noted. Also found is what a stage names by a variable.</remarks>
    /// <returns>Each as <c>{apiId}:{key}</c>, once.</returns>
    public static List<string> FindServed(Call call, string link)
    {
        var found = new List<string>();
        foreach (string prefix in new[] { Scopes.RestApis, Scopes.Apis })
        {
            foreach (RecordScope api in call.Book.ScopesBelow(prefix))
            {
                foreach (Record record in api.All(Kinds.Stage))
                {
                    WireValue stage = record.Open();
                    var sought = new List<string> { link };
                    AddVariables(stage, prefix == Scopes.RestApis ? "variables" : "stageVariables");
                    FindFrozen(stage.TextOf("deploymentId"), sought);
                    if (stage["canarySettings"] is not { IsObject: true } canary) continue;
                    AddVariables(canary, "stageVariableOverrides");
                    FindFrozen(canary.TextOf("deploymentId"), sought);

                    void AddVariables(WireValue holder, string variables)
                    {
                        foreach ((string name, WireValue value) in holder.MembersOf(variables))
                        {
                            if (value.Text == link) sought.Add("${stageVariables." + name + "}");
                        }
                    }
                }

                void FindFrozen(string? deployment, List<string> links)
                {
                    if (deployment is null || call.Book.Find(api.Id, Kinds.DeploymentSnapshot, deployment) is not { } named || !FrozenLinks.MayHave(named.Open(), links)) return;
                    if (V1.DeploymentOperations.FrozenOrNull(call, api.Id, deployment) is not { } frozen) return;
                    List<byte[]> sought = links.ConvertAll(static link => Written("connectionId", link));
                    foreach (string kind in new[] { Kinds.Method, Kinds.Integration })
                    {
                        foreach (Record part in frozen.All(kind))
                        {
                            string name = $"{api.Id[prefix.Length..]}:{part.Key}";
                            if (found.Count < Most && sought.Exists(bytes => part.Json.Span.IndexOf(bytes) >= 0) && !found.Contains(name)) found.Add(name);
                        }
                    }
                }
            }
        }

        return found;
    }

    // Records are written without blanks, and within texts quotes are escaped: the bytes say whether they have it.
    private static byte[] Written(string member, string text) => [(byte)'"', .. System.Text.Encoding.UTF8.GetBytes(member), .. "\":"u8, .. WireValue.Of(text).ToBytes()];
}
