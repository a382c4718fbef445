namespace EdgeProxy.Core.Text;

/// <summary>An address and a port.</summary>
public readonly record struct IpEndpoint(IpAddress Address, ushort Port)
{
    public override string ToString() => Address.IsV4 ? $"{Address}:{Port}" : $"[{Address}]:{Port}";
}
