using EdgeProxy.Http.Messages;

namespace EdgeProxy.Tests.Http.Messages;

public sealed class FieldScanTests
{
    [Fact]
    public void Finds_the_first_byte_that_is_no_token_byte()
    {
        foreach ((byte[] bytes, int at, byte value) in Cases())
        {
            bool token = char.IsAsciiLetterOrDigit((char)value) || "!#$%&'*+-.^_`|~".Contains((char)value, StringComparison.Ordinal);
            Assert.Equal(token ? -1 : at, FieldScan.TokenLength(bytes));
        }
    }

    [Fact]
    public void Finds_the_first_control_byte_but_tab()
    {
        foreach ((byte[] bytes, int at, byte value) in Cases())
        {
            bool control = value is (< 0x20 or 0x7F) and not (byte)'\t';
            Assert.Equal(control ? at : -1, FieldScan.IndexOfControl(bytes));
        }
    }

    [Fact]
    public void Finds_the_first_of_several()
    {
        byte[] bytes = new byte[100];
        Array.Fill(bytes, (byte)'x');
        bytes[99] = 0;
        for (int at = 98; at >= 0; at--)
        {
            bytes[at] = (byte)'\r';
            Assert.Equal(at, FieldScan.TokenLength(bytes));
            Assert.Equal(at, FieldScan.IndexOfControl(bytes));
        }
    }

    [Fact]
    public void Finds_nothing_in_nothing()
    {
        Assert.Equal(-1, FieldScan.TokenLength([]));
        Assert.Equal(-1, FieldScan.IndexOfControl([]));
    }

    /// <summary>Every byte value at every place of texts around the vector's width, among bytes that end no search.</summary>
    private static IEnumerable<(byte[] Bytes, int At, byte Value)> Cases()
    {
        foreach (int length in new[] { 1, 2, 15, 16, 17, 31, 32, 33, 63, 64, 65, 97 })
        {
            for (int at = 0; at < length; at++)
            {
                for (int value = 0; value < 256; value++)
                {
                    byte[] bytes = new byte[length];
                    Array.Fill(bytes, (byte)'q');
                    bytes[at] = (byte)value;
                    yield return (bytes, at, (byte)value);
                }
            }
        }
    }
}
