namespace EdgeProxy.Core.Buffers;

/// <summary>Whoever has bytes in a loop's receive scratch that nobody has read yet.</summary>
public interface IScratchHolder
{
    /// <summary>Copies those bytes aside: the scratch is about to be overwritten.</summary>
    void SaveScratch();
}
