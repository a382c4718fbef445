namespace EdgeProxy.Gateway.Snapshots;

/// <summary>A header field that a routing rule looks for: the name without case, the value with case and with <c>*</c> at its start, its end or both.</summary>
internal sealed class HeaderPattern
{
    private readonly byte[] _value;
    private readonly bool _startsAnyhow;
    private readonly bool _endsAnyhow;

    /// <param name="name">The field's name.</param>
    /// <param name="glob">The value.</param>
    public HeaderPattern(string name, string glob)
    {
        Name = System.Text.Encoding.ASCII.GetBytes(name);
        _startsAnyhow = glob.StartsWith('*');
        _endsAnyhow = glob.EndsWith('*') && glob.Length > 1;
        _value = System.Text.Encoding.UTF8.GetBytes(glob[(_startsAnyhow ? 1 : 0)..(glob.Length - (_endsAnyhow ? 1 : 0))]);
    }

    public byte[] Name { get; }

    /// <summary>Whether a value of the field is what is looked for.</summary>
    public bool Matches(ReadOnlySpan<byte> value) => (_startsAnyhow, _endsAnyhow) switch
    {
        (false, false) => value.SequenceEqual(_value),
        (true, false) => value.EndsWith(_value),
        (false, true) => value.StartsWith(_value),
        _ => value.IndexOf(_value) >= 0,
    };
}
