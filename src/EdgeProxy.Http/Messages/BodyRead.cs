namespace EdgeProxy.Http.Messages;

/// <summary>One read of a body.</summary>
public readonly struct BodyRead(BodyStatus status, BodyChunk chunk)
{
    public readonly BodyStatus Status = status;
    public readonly BodyChunk Chunk = chunk;

    public bool Failed => Status > BodyStatus.End;

    public static BodyRead Of(BodyStatus status) => new(status, BodyChunk.Empty);
}
