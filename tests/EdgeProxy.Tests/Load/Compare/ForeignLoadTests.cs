using EdgeProxy.Load.Compare;

namespace EdgeProxy.Tests.Load.Compare;

public sealed class ForeignLoadTests
{
    [Fact]
    public void Reads_what_h2load_counted() => Assert.Equal(
        new ForeignResult(1234, 5),
        Http2Load.Read("progress\nrequests: 1300 total, 1290 started, 1239 done, 1234 succeeded, 4 failed, 4 errored, 1 timeout\nstatus codes: 1234 2xx\n"));

    [Fact]
    public void Reads_what_s_time_counted() => Assert.Equal(
        new ForeignResult(999, 0),
        HandshakeLoad.Read("No CIPHER\nttt\n\n1000 connections in 1.5s; 666.67 connections/user sec, bytes read 1024\n999 connections in 3 real seconds, 1024 bytes read per connection\n"));

    [Fact]
    public void Takes_a_program_that_counted_nothing_for_a_failure()
    {
        Assert.Equal(new ForeignResult(0, 1), Http2Load.Read("Segmentation fault"));
        Assert.Equal(new ForeignResult(0, 1), HandshakeLoad.Read("connect:errno=111"));
    }
}
