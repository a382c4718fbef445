namespace EdgeProxy.Core.Concurrency;

/// <summary>The end of a read or write: how, and how many bytes.</summary>
public readonly record struct IoResult(IoStatus Status, int Count)
{
    public bool IsOk => Status == IoStatus.Ok;

    public static IoResult Ok(int count) => new(IoStatus.Ok, count);

    public static IoResult Of(IoStatus status) => new(status, 0);
}
