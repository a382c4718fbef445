namespace EdgeProxy.Definitions;

/// <summary>The way to a back end.</summary>
public enum ConnectionKind
{
    /// <summary>Directly.</summary>
    Internet,

    /// <summary>Through a VPC link.</summary>
    VpcLink,
}
