using EdgeProxy.ControlPlane.Management;
using EdgeProxy.ControlPlane.Wire;

namespace EdgeProxy.ControlPlane.Audit;

/// <summary>Hides secrets in what a call was given and answered: values of API keys, private keys, fixed <c>Authorization</c> fields of integrations.</summary>
internal static class MaskSecrets
{
    /// <summary>What stands in the place of a secret, as the service writes it.</summary>
    public const string Mask = "HIDDEN_DUE_TO_SECURITY_REASONS";

    /// <summary>Hides them in place.</summary>
    public static void Run(WireValue value, Operation operation) => Walk(value, operation.Name.Contains("Key", StringComparison.Ordinal));

    /// <summary>Whether a member of this name, or a patch of this path, holds a secret wherever it stands.</summary>
    public static bool IsSecret(string name)
    {
        int start = name.LastIndexOfAny(['.', '/']) + 1;
        ReadOnlySpan<char> last = name.AsSpan(start);
        return last.Contains("privateKey", StringComparison.OrdinalIgnoreCase)
            || last.Contains("secret", StringComparison.OrdinalIgnoreCase)
            || last.Contains("password", StringComparison.OrdinalIgnoreCase)
            || last.Equals("authorization", StringComparison.OrdinalIgnoreCase)
            || last.Equals("proxy-authorization", StringComparison.OrdinalIgnoreCase)
            || last.Equals("x-api-key", StringComparison.OrdinalIgnoreCase);
    }

    // Of API keys and keys of plans "value" is the secret itself.
    private static void Walk(WireValue value, bool isOfKey)
    {
        foreach (WireValue item in value.Items) Walk(item, isOfKey);
        if (!value.IsObject) return;

        // One step of a patch names what its value is.
        if (value.TextOf("path") is { } path && value["op"] is not null && value["value"] is not null && (IsSecret(path.Replace("~1", "/", StringComparison.Ordinal)) || (isOfKey && path.EndsWith("/value", StringComparison.Ordinal))))
        {
            value.Set("value", Mask);
        }

        foreach ((string name, WireValue member) in new List<KeyValuePair<string, WireValue>>(value.Members))
        {
            bool isSecret = IsSecret(name) || (isOfKey && name == "value" && value["op"] is null);
            if (isSecret && member.Kind is WireKind.Text or WireKind.Number) value.Set(name, Mask);
            else Walk(member, isOfKey);
        }
    }
}
