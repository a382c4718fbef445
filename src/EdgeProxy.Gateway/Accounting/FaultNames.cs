using System.Text;
using EdgeProxy.Gateway.Responses;

namespace EdgeProxy.Gateway.Accounting;

/// <summary>Spells <see cref="FaultKind"/> for logs.</summary>
internal static class FaultNames
{
    private static readonly byte[][] s_names = Build();

    public static ReadOnlySpan<byte> NameOf(FaultKind fault) => s_names[(int)fault];

    private static byte[][] Build()
    {
        var names = new byte[(int)FaultKind.Aborted + 1][];
        for (int i = 0; i < names.Length; i++) names[i] = Encoding.ASCII.GetBytes(((FaultKind)i).ToString());
        return names;
    }
}
