using System.Globalization;
using System.Text;
using EdgeProxy.Telemetry.Logging;

namespace EdgeProxy.Tests.Telemetry.Logging;

public sealed class LogTimestampsTests
{
    [Fact]
    public void Writes_any_time_as_the_platform_would()
    {
        var timestamps = new LogTimestamps();
        var random = new Random(3);
        for (int i = 0; i < 10_000; i++)
        {
            long now = i % 2 == 0 ? random.NextInt64(253_402_300_800_000) : 1_700_000_000_000 + random.Next(5000);
            DateTimeOffset time = DateTimeOffset.FromUnixTimeMilliseconds(now);
            Assert.Equal(
                time.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture), Encoding.ASCII.GetString(timestamps.Rfc3339(now)));
            Assert.Equal(
                time.ToString("dd'/'MMM'/'yyyy:HH:mm:ss '+0000'", CultureInfo.InvariantCulture), Encoding.ASCII.GetString(timestamps.CommonLog(now)));
        }
    }

    [Fact]
    public void Stays_in_form_when_the_clock_is_absurd()
    {
        var timestamps = new LogTimestamps();
        Assert.Equal("1970-01-01T00:00:00.000Z", Encoding.ASCII.GetString(timestamps.Rfc3339(long.MinValue)));
        Assert.Equal("9999-12-31T23:59:59.999Z", Encoding.ASCII.GetString(timestamps.Rfc3339(long.MaxValue)));
        Assert.Equal("31/Dec/9999:23:59:59 +0000", Encoding.ASCII.GetString(timestamps.CommonLog(long.MaxValue)));
    }
}
