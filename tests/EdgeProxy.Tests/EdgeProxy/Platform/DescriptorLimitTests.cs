using EdgeProxy.Platform;

namespace EdgeProxy.Tests.Process.Platform;

public sealed class DescriptorLimitTests
{
    [Fact]
    public void Raises_the_soft_limit_to_the_hard_one_and_says_so()
    {
        DescriptorLimit limit = DescriptorLimit.Raise();
        Assert.Equal(limit.Hard, limit.Now);
        string line = File.ReadLines("/proc/self/limits").First(line => line.StartsWith("Max open files", StringComparison.Ordinal));
        string soft = line["Max open files".Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0];
        Assert.Equal(soft == "unlimited" ? int.MaxValue : Math.Min(int.MaxValue, long.Parse(soft)), limit.Now);
    }

    [Theory]
    [InlineData(20512, 10000)]
    [InlineData(1024, 256)]
    [InlineData(256, 16)]
    public void Half_of_what_is_left_above_the_reserve_are_connections(long descriptors, int connections) =>
        Assert.Equal(connections, new DescriptorLimit(descriptors, descriptors, descriptors).DefaultConnections());
}
