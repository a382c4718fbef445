using EdgeProxy.Http.Http2.Streams;
using static EdgeProxy.Http.Http2.Streams.StreamEvent;
using static EdgeProxy.Http.Http2.Streams.StreamState;

namespace EdgeProxy.Tests.Http.Http2.Streams;

public sealed class StreamLifeTests
{
    // A row a state, a column an event: the picture of RFC 9113, 5.1, written out.
    private static readonly Dictionary<StreamState, StreamState[]> Table = new()
    {
        //                       HeadReceived      HeadSent          BodyReceived      BodySent          EndReceived       EndSent          ResetReceived ResetSent
        [Idle] =             [Open,             Open,             Illegal,          Illegal,          Illegal,          Illegal,         Illegal,      Illegal],
        [Open] =             [Open,             Open,             Open,             Open,             HalfClosedRemote, HalfClosedLocal, Closed,       ResetByUs],
        [HalfClosedLocal] =  [HalfClosedLocal,  Illegal,          HalfClosedLocal,  Illegal,          Closed,           Illegal,         Closed,       ResetByUs],
        [HalfClosedRemote] = [Illegal,          HalfClosedRemote, Illegal,          HalfClosedRemote, Illegal,          Closed,          Closed,       ResetByUs],
        [Closed] =           [Illegal,          Illegal,          Illegal,          Illegal,          Illegal,          Illegal,         Closed,       Illegal],
        [ResetByUs] =        [ResetByUs,        Illegal,          ResetByUs,        Illegal,          ResetByUs,        Illegal,         Closed,       Illegal],
        [Illegal] =          [Illegal,          Illegal,          Illegal,          Illegal,          Illegal,          Illegal,         Illegal,      Illegal],
    };

    [Fact]
    public void Goes_from_every_state_where_the_table_says()
    {
        Assert.Equal(Enum.GetValues<StreamState>().Length, Table.Count);
        foreach ((StreamState state, StreamState[] row) in Table)
        {
            StreamEvent[] events = Enum.GetValues<StreamEvent>();
            Assert.Equal(events.Length, row.Length);
            for (int i = 0; i < events.Length; i++)
            {
                Assert.True(row[i] == StreamLife.Next(state, events[i]), $"{state} and {events[i]} give {StreamLife.Next(state, events[i])}, not {row[i]}");
            }
        }
    }

    [Fact]
    public void Comes_to_its_end_whichever_side_ends_first()
    {
        Assert.Equal(Closed, After(HeadReceived, EndReceived, HeadSent, BodySent, EndSent));
        Assert.Equal(Closed, After(HeadReceived, HeadSent, EndSent, BodyReceived, EndReceived));
    }

    [Fact]
    public void Forgives_what_was_on_its_way_when_we_reset()
    {
        Assert.Equal(ResetByUs, After(HeadReceived, ResetSent, BodyReceived, HeadReceived, EndReceived));
    }

    private static StreamState After(params StreamEvent[] events) => events.Aggregate(Idle, StreamLife.Next);
}
