namespace EdgeProxy.Lambda.Workers;

/// <summary>Where in a process' output an invocation begins.</summary>
/// <param name="Ordinal">The how manieth mark of its <see cref="LogTail"/>, from 1.</param>
/// <param name="At">Bytes that had been written before.</param>
internal readonly record struct LogMark(int Ordinal, long At);
