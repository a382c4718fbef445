using System.Diagnostics.CodeAnalysis;
using EdgeProxy.ControlPlane.Wire;

namespace EdgeProxy.ControlPlane.Management.Patches;

/// <summary>Reads a call's <c>patchOperations</c>, whose shape has been checked.</summary>
public static class PatchDocument
{
    /// <summary>What every update operation lists as its members.</summary>
    public const string Members = "patchOperations:[PatchOperation]";

    /// <summary>The operations in their order; none is no mistake.</summary>
    /// <returns>False, with a fault, for <c>move</c> and <c>test</c>, which nothing supports.</returns>
    public static bool TryRead(Call call, out IReadOnlyList<PatchOperation> operations, [NotNullWhen(false)] out Reply? fault)
    {
        var read = new List<PatchOperation>();
        operations = read;
        int most = call.Options.Limits.PatchOperations;
        if (call.Body["patchOperations"] is { } given && given.Items.Count > most)
        {
            fault = Reply.TooLarge(LimitNames.PatchOperations, $"A request takes at most {most} patch operations.");
            return false;
        }

        foreach (WireValue entry in call.Body["patchOperations"]?.Items ?? [])
        {
            PatchOp? op = entry.TextOf("op") switch
            {
                "add" => PatchOp.Add,
                "remove" => PatchOp.Remove,
                "replace" => PatchOp.Replace,
                "copy" => PatchOp.Copy,
                _ => null,
            };
            if (op is not { } known)
            {
                fault = Reply.BadRequest("Invalid patch operation specified. Must be one of: [add, remove, replace, copy]");
                return false;
            }

            read.Add(new PatchOperation(known, entry.TextOf("path"), entry.TextOf("value"), entry.TextOf("from")) { MostEntries = call.Options.Limits.ListEntries });
        }

        fault = null;
        return true;
    }
}
