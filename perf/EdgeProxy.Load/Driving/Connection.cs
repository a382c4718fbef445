using EdgeProxy.Load.Messages;

namespace EdgeProxy.Load.Driving;

/// <summary>A connection of the driving thread, with the one request that may be on it.</summary>
internal sealed class Connection(int slot)
{
    public int Slot { get; } = slot;

    public int Descriptor { get; set; } = -1;

    /// <summary>Rises with each connect, so that an event of an earlier one is told apart.</summary>
    public uint Generation { get; set; }

    public bool IsConnecting { get; set; }

    /// <summary>The request on it; null when it is free.</summary>
    public Call? Call { get; set; }

    /// <summary>Bytes of it that were sent.</summary>
    public int Sent { get; set; }

    /// <summary>Answers since the connect.</summary>
    public long Served { get; set; }

    /// <summary>Content read before the present answer.</summary>
    public long ContentBefore { get; set; }

    public ResponseReader Reader { get; } = new(BodyRule.ByHead);
}
