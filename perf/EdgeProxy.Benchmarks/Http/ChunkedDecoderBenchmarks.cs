using BenchmarkDotNet.Attributes;
using EdgeProxy.Core.Buffers;
using EdgeProxy.Http.Http1;

namespace EdgeProxy.Benchmarks.Http;

/// <summary>What finding 64 KB of body in chunks costs; the budget of each is 0 bytes.</summary>
[MemoryDiagnoser]
public class ChunkedDecoderBenchmarks
{
    private readonly byte[] _large = Encode(8192);
    private readonly byte[] _small = Encode(64);

    [Benchmark]
    public long Decode_8_chunks_of_8_kb() => Decode(_large);

    [Benchmark]
    public long Decode_1024_chunks_of_64_bytes() => Decode(_small);

    private static long Decode(ReadOnlySpan<byte> input)
    {
        var decoder = new ChunkedDecoder();
        long body = 0;
        while (true)
        {
            ChunkStep step = decoder.Next(input);
            if (step.Kind != ChunkStepKind.Data) return body;
            body += step.Length;
            input = input[step.Consumed..];
        }
    }

    private static byte[] Encode(int chunk)
    {
        var writer = new ByteWriter(new byte[128 * 1024]);
        for (int i = 0; i < 65536 / chunk; i++)
        {
            Http1Writer.WriteChunkSize(ref writer, chunk);
            writer.Reserve(chunk);
            writer.Write(Http1Writer.ChunkEnd);
        }

        writer.Write(Http1Writer.LastChunk);
        return writer.Written.ToArray();
    }
}
