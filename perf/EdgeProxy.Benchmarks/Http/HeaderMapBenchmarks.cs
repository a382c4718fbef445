using BenchmarkDotNet.Attributes;
using EdgeProxy.Core.Buffers;
using EdgeProxy.Http.Http1;
using EdgeProxy.Http.Messages;

namespace EdgeProxy.Benchmarks.Http;

/// <summary>What recognising, looking up and writing fields costs; the budget of each is 0 bytes.</summary>
[MemoryDiagnoser]
public class HeaderMapBenchmarks
{
    private readonly byte[] _room = new byte[1024];
    private readonly HeaderTable _table = new();
    private readonly byte[][] _names = [.. new[] { "Host", "Connection", "User-Agent", "Accept", "Accept-Encoding", "Accept-Language", "Referer", "Cookie", "Sec-Fetch-Mode", "Authorization" }.Select(System.Text.Encoding.ASCII.GetBytes)];

    public HeaderMapBenchmarks()
    {
        foreach (byte[] name in _names) _table.Add(name, "some value of ordinary length"u8);
    }

    [Benchmark(OperationsPerInvoke = 10)]
    public int Find_known_name()
    {
        int sum = 0;
        foreach (byte[] name in _names) sum += (int)KnownHeaders.Find(name);
        return sum;
    }

    [Benchmark]
    public int Index_of_last_field() => _table.IndexOf(KnownHeader.Authorization);

    [Benchmark(OperationsPerInvoke = 10)]
    public int Write_field()
    {
        var writer = new ByteWriter(_room);
        for (int i = 0; i < _table.Count; i++) Http1Writer.TryWriteField(ref writer, _table, i);
        return writer.Length;
    }
}
