using System.Text;

namespace EdgeProxy.Gateway.Snapshots;

/// <summary>An operator's word in both forms: bytes for the data plane, text for labels and logs. Made when a plan is built, never per request.</summary>
internal readonly struct Utf8Text
{
    private readonly byte[]? _bytes;
    private readonly string? _text;

    public Utf8Text(string text)
    {
        _text = text;
        _bytes = Encoding.UTF8.GetBytes(text);
    }

    public static Utf8Text Empty => default;

    public bool IsEmpty => _bytes is null or { Length: 0 };

    public ReadOnlySpan<byte> Span => _bytes;

    public byte[] Bytes => _bytes ?? [];

    public static implicit operator Utf8Text(string text) => new(text);

    public override string ToString() => _text ?? "";
}
