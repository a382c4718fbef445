using EdgeProxy.Platform;
using EdgeProxy.Settings;

namespace EdgeProxy.Tests.Process.Platform;

public sealed class KernelAddressTests
{
    [Theory]
    [InlineData("http://127.0.0.1:9080", "02002378" + "7F000001" + "0000000000000000")]
    [InlineData("http://0.0.0.0:9080", "02002378" + "7F000001" + "0000000000000000")]
    [InlineData("http://[::]:80", "0A000050" + "00000000" + "00000000000000000000000000000001" + "00000000")]
    [InlineData("http://[2001:db8::1]:80", "0A000050" + "00000000" + "20010DB8000000000000000000000001" + "00000000")]
    public void Is_what_the_kernel_reads_and_all_interfaces_mean_this_machine(string text, string bytes)
    {
        Assert.True(ListenUrl.TryParse(text, out ListenUrl? url, out _));
        Assert.Equal(bytes, Convert.ToHexString(KernelAddress.Of(url!)));
    }

    [Theory]
    [InlineData("/run/n", "0100" + "2F72756E2F6E" + "00")]
    [InlineData("@abc", "0100" + "00616263")]
    public void A_path_ends_with_zero_and_an_abstract_name_begins_with_it(string path, string bytes) =>
        Assert.Equal(bytes, Convert.ToHexString(KernelAddress.OfUnix(path)!));

    [Fact]
    public void A_name_of_108_bytes_is_too_long()
    {
        Assert.NotNull(KernelAddress.OfUnix("/" + new string('a', 106)));
        Assert.Null(KernelAddress.OfUnix("/" + new string('a', 107)));
        Assert.Null(KernelAddress.OfUnix(""));
    }
}
