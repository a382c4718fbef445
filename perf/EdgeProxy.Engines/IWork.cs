namespace EdgeProxy.Engines;

/// <summary>What an engine is to do again and again.</summary>
internal interface IWork
{
    /// <summary>Bytes that go in each time.</summary>
    int InputLength { get; }

    /// <summary>Does it once.</summary>
    /// <returns>What came out. Borrowed: good until the next run.</returns>
    ReadOnlySpan<byte> Run();
}
