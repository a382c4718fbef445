using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Gateway.Upstreams;

namespace EdgeProxy.Tests.Gateway.Upstreams;

public sealed class CheckedHealthTests
{
    [Theory]
    [InlineData("bb", "uu")]
    [InlineData("bbb", "uud")]
    [InlineData("bbgbb", "uuuuu")] // never three in a row
    [InlineData("bbbgbgg", "uuddddu")]
    [InlineData("bbbggbbb", "uudduuud")]
    [InlineData("gggg", "uuuu")]
    public void Takes_so_many_checks_in_a_row_either_way(string checks, string expected)
    {
        var plan = new HealthCheckPlan { Healthy = 2, Unhealthy = 3 };
        var health = default(CheckedHealth);
        string found = "";
        foreach (char check in checks)
        {
            health = health.After(check == 'g', plan);
            found += health.IsDown ? 'd' : 'u';
        }

        Assert.Equal(expected, found);
    }
}
