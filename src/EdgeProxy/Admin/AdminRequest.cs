using EdgeProxy.Core.Concurrency;
using EdgeProxy.Http.Messages;
using EdgeProxy.Http.Server;
using EdgeProxy.Identity.SigV4;

namespace EdgeProxy.Admin;

/// <summary>A request to the admin listener, with its body held once it was read: a signature is over the whole of it.</summary>
internal sealed class AdminRequest(Exchange exchange) : ISignedRequest
{
    private MemoryStream? _body;
    private BodyStatus _end;

    public Exchange Exchange { get; } = exchange;

    /// <summary>The body, after <see cref="ReadBodyAsync"/> said End.</summary>
    public BodyChunk Body => _body is null ? BodyChunk.Empty : new BodyChunk(_body.GetBuffer(), 0, (int)_body.Length);

    public ReadOnlySpan<byte> Method => Exchange.Request.MethodText;

    public ReadOnlySpan<byte> Path => Exchange.Request.Path;

    public ReadOnlySpan<byte> Query => Exchange.Request.Query;

    // Over HTTP/2 the host is no field.
    public int FieldCount => Exchange.Request.Headers.Count + (HasHost ? 0 : 1);

    private bool HasHost => Exchange.Request.Headers.Contains(KnownHeader.Host);

    public ReadOnlySpan<byte> FieldName(int index) => index < Exchange.Request.Headers.Count ? Exchange.Request.Headers.Name(index) : "host"u8;

    public ReadOnlySpan<byte> FieldValue(int index) => index < Exchange.Request.Headers.Count ? Exchange.Request.Headers.Value(index) : Exchange.Request.Authority;

    /// <summary>Reads the whole body, or gives what was read before.</summary>
    /// <param name="most">Most bytes.</param>
    /// <returns>End when it is here; TooLarge when it is larger; else how the read failed.</returns>
    public async LoopTask<BodyStatus> ReadBodyAsync(long most)
    {
        if (_body is not null) return _end == BodyStatus.End && _body.Length > most ? BodyStatus.TooLarge : _end;
        _body = new MemoryStream();
        Exchange.BodyLimit = most;
        BodyRead read;
        do
        {
            read = await Exchange.ReadBodyAsync();
            _body.Write(read.Chunk.Span);
        }
        while (read.Status == BodyStatus.Data && _body.Length <= most);

        _end = _body.Length > most ? BodyStatus.TooLarge : read.Status;
        return _end;
    }
}
