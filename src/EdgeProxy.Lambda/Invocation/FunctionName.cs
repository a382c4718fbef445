using System.Diagnostics.CodeAnalysis;

namespace EdgeProxy.Lambda.Invocation;

/// <summary>A Lambda function as an integration names it (specification lambda.md 11: name, partial ARN or full ARN, with or without qualifier).</summary>
/// <param name="Partition">Such as <c>aws</c>; empty when only a name is written.</param>
/// <param name="Region">Empty when it is not written.</param>
/// <param name="Account">Twelve digits; empty when it is not written.</param>
/// <param name="Name">The function's own name, at most 64 characters of <c>[a-zA-Z0-9-_]</c>.</param>
/// <param name="Qualifier">Version or alias; empty for none.</param>
public sealed record FunctionName(string Partition, string Region, string Account, string Name, string Qualifier)
{
    /// <summary>The ARN of the function without qualifier; the bare name when no ARN was written.</summary>
    public string UnqualifiedArn => Region.Length == 0 || Account.Length == 0 ? Name : $"arn:{(Partition.Length == 0 ? "aws" : Partition)}:lambda:{Region}:{Account}:function:{Name}";

    /// <summary>The ARN as invoked: with the qualifier, when there is one.</summary>
    public string Arn => Qualifier.Length == 0 ? UnqualifiedArn : $"{UnqualifiedArn}:{Qualifier}";

    /// <summary>Reads a name or ARN.</summary>
    /// <param name="text">Stage variables are filled in already.</param>
    /// <param name="function">The function.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out FunctionName? function)
    {
        function = null;
        string[] parts = text.Split(':');
        if (parts is ["arn", _, "lambda", ..])
        {
            if (parts.Length is not (7 or 8) || parts[5] != "function" || parts[1].Length == 0 || !IsRegion(parts[3]) || !IsAccount(parts[4])) return false;
            return TryMake(parts[1], parts[3], parts[4], parts[6], parts.Length == 8 ? parts[7] : null, out function);
        }

        if (parts is [{ Length: 12 } account, "function", _, ..])
        {
            return parts.Length <= 4 && IsAccount(account) && TryMake("", "", account, parts[2], parts.Length == 4 ? parts[3] : null, out function);
        }

        return parts.Length is 1 or 2 && TryMake("", "", "", parts[0], parts.Length == 2 ? parts[1] : null, out function);
    }

    private static bool TryMake(string partition, string region, string account, string name, string? qualifier, [NotNullWhen(true)] out FunctionName? function)
    {
        function = null;
        if (name.Length is 0 or > 64 || !name.All(IsNameCharacter)) return false;
        if (qualifier is not null && (qualifier.Length is 0 or > 128 || !(qualifier is "$LATEST" || qualifier.All(IsNameCharacter)))) return false;
        function = new FunctionName(partition, region, account, name, qualifier ?? "");
        return true;
    }

    private static bool IsRegion(string text) => text.Length is > 0 and <= 32 && text.All(static c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');

    private static bool IsAccount(string text) => text.Length == 12 && text.All(char.IsAsciiDigit);

    private static bool IsNameCharacter(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '_';
}
