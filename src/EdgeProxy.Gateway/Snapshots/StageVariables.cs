using System.Text;

namespace EdgeProxy.Gateway.Snapshots;

/// <summary>A stage's variables (rest-api.md 6.10). Names are compared with case.</summary>
internal sealed class StageVariables
{
    private readonly (byte[] Name, byte[] Value)[] _variables;

    public StageVariables(IEnumerable<KeyValuePair<string, string>> variables)
    {
        var made = new List<(byte[], byte[])>();
        foreach ((string name, string value) in variables) made.Add((Encoding.UTF8.GetBytes(name), Encoding.UTF8.GetBytes(value)));
        _variables = [.. made];
    }

    public static StageVariables None { get; } = new([]);

    /// <summary>The value, or an empty one for an unknown name.</summary>
    public ReadOnlySpan<byte> this[ReadOnlySpan<byte> name]
    {
        get
        {
            // A stage has a handful; a scan beats a hash.
            foreach ((byte[] known, byte[] value) in _variables)
            {
                if (name.SequenceEqual(known)) return value;
            }

            return default;
        }
    }
}
