using System.Buffers;
using System.Text;
using System.Text.Json;

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
        Json = ToJson(_variables);
    }

    public static StageVariables None { get; } = new([]);

    /// <summary>All of them as a JSON object; <c>null</c> when there are none.</summary>
    public byte[] Json { get; }

    public int Count => _variables.Length;

    /// <summary>The name of a variable, in the order given.</summary>
    public ReadOnlySpan<byte> Name(int index) => _variables[index].Name;

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

    private static byte[] ToJson((byte[] Name, byte[] Value)[] variables)
    {
        if (variables.Length == 0) return "null"u8.ToArray();
        var text = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(text);
        writer.WriteStartObject();
        foreach ((byte[] name, byte[] value) in variables) writer.WriteString(name, value);
        writer.WriteEndObject();
        writer.Flush();
        return text.WrittenSpan.ToArray();
    }
}
