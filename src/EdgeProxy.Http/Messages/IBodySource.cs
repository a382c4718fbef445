using EdgeProxy.Core.Concurrency;

namespace EdgeProxy.Http.Messages;

/// <summary>Something a body can be pulled from: an exchange, an upstream call.</summary>
public interface IBodySource
{
    /// <summary>The next run of bytes. Not called again after anything but <see cref="BodyStatus.Data"/>.</summary>
    LoopTask<BodyRead> ReadBodyAsync();

    /// <summary>The trailers that followed the body, there once a read has said <see cref="BodyStatus.End"/>; null or empty for none.</summary>
    HeaderTable? Trailers { get; }

    /// <summary>Ends an open read with <see cref="BodyStatus.Aborted"/>: nobody wants the rest any more.</summary>
    void CancelRead();
}
