namespace EdgeProxy.ControlPlane.Documents;

/// <summary>A key and its value in a mapping.</summary>
/// <param name="Key">The key; always a scalar. Point at it when the key itself is the problem.</param>
/// <param name="Value">The value.</param>
public sealed record DocumentEntry(DocumentNode Key, DocumentNode Value)
{
    /// <summary>The text of the key.</summary>
    public string Name => Key.Text;
}
