namespace EdgeProxy.ControlPlane.Management;

/// <summary>Names of what the management API keeps (control-plane.md 1.2): the account is left empty, as the service does.</summary>
public static class Arns
{
    /// <summary>The ARN of a path such as <c>/restapis/abc</c>.</summary>
    public static string Of(ManagementOptions options, string path) => $"arn:aws:apigateway:{options.Region}::{path}";

    /// <summary>The path within an ARN; null when it is no ARN of the service. Region and account are not compared: clients believe in others.</summary>
    public static string? PathOrNull(string arn)
    {
        // arn:partition:apigateway:region:account:/path
        string[] parts = arn.Split(':', 6);
        return parts.Length == 6 && parts[0] == "arn" && parts[2] == "apigateway" && parts[5].StartsWith('/') ? parts[5] : null;
    }
}
