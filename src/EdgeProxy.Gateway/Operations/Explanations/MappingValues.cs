using EdgeProxy.Core.Buffers;
using EdgeProxy.Gateway.Mapping;
using EdgeProxy.Gateway.Snapshots;

namespace EdgeProxy.Gateway.Operations.Explanations;

/// <summary>What mappings read, kept from before the phase that applies them: it puts other bodies in the place of those that they read.</summary>
internal sealed class MappingValues
{
    private readonly ParameterMapping[] _mappings;
    private readonly byte[][] _values;

    private MappingValues(ParameterMapping[] mappings, byte[][] values)
    {
        _mappings = mappings;
        _values = values;
    }

    public static MappingValues None { get; } = new([], []);

    public static MappingValues Read(RequestContext request, ParameterMapping[] mappings)
    {
        if (mappings.Length == 0) return None;
        byte[] room = new byte[LoopServices.ScratchSize];
        return new MappingValues(mappings, [.. mappings.Select(mapping => Read(request, mapping, room))]);
    }

    /// <summary>The value of a mapping: as it was kept, or else as it is now.</summary>
    public ReadOnlySpan<byte> Of(RequestContext request, ParameterMapping mapping)
    {
        int index = Array.IndexOf(_mappings, mapping);
        return index >= 0 ? _values[index] : Read(request, mapping, new byte[LoopServices.ScratchSize]);
    }

    private static byte[] Read(RequestContext request, ParameterMapping mapping, byte[] room)
    {
        var writer = new ByteWriter(room);
        ValueReader.Write(mapping.Source, request, ref writer);
        return writer.Written.ToArray();
    }
}
