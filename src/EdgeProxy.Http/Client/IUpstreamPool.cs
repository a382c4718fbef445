namespace EdgeProxy.Http.Client;

/// <summary>One loop's connections to one upstream, as far as <see cref="PoolTable{TPool}"/> cares.</summary>
internal interface IUpstreamPool
{
    /// <summary>Whether there has been no connection, and nobody waiting for one, since before a moment.</summary>
    bool IsEmptySince(long moment);
}
