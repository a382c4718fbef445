using System.Text;
using EdgeProxy.Templates;
using EdgeProxy.Templates.Execution;

namespace EdgeProxy.Tests.Templates.Execution;

/// <summary>What is expected was taken from Double.toString (OpenJDK 17).</summary>
public sealed class NumbersTests
{
    [Theory]
[InlineData(0.1, "0.1")]
    [InlineData(1.0, "1.0")]
    [InlineData(100.0, "100.0")]
    [InlineData(1.0E7, "1.0E7")]
    [InlineData(9999999.0, "9999999.0")]
    [InlineData(1.23456789E7, "1.23456789E7")]
    [InlineData(0.001, "0.001")]
    [InlineData(9.9E-4, "9.9E-4")]
    [InlineData(0.3333333333333333, "0.3333333333333333")]
    [InlineData(1.0E21, "1.0E21")]
    [InlineData(1.5E300, "1.5E300")]
    [InlineData(123456.789, "123456.789")]
    [InlineData(-0.0, "-0.0")]
    [InlineData(0.002, "0.002")]
    [InlineData(1234567.0, "1234567.0")]
    [InlineData(5.0E-5, "5.0E-5")]
    [InlineData(1.7976931348623157E308, "1.7976931348623157E308")]
    [InlineData(double.NaN, "NaN")]
    [InlineData(double.NegativeInfinity, "-Infinity")]
    public void Writes_a_double_as_Java_does(double number, string expected)
    {
        var output = new TemplateOutput();
        Numbers.Write(number, output);
        Assert.Equal(expected, Encoding.UTF8.GetString(output.Written));
    }

    [Fact]
    public void Every_double_reads_back_as_it_was()
    {
        var random = new Random(7);
        for (int i = 0; i < 20_000; i++)
        {
            double number = BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue));
            if (!double.IsFinite(number)) continue;
            var output = new TemplateOutput();
            Numbers.Write(number, output);
            Assert.True(Numbers.TryReadDecimal(output.Written, out double again));
            Assert.Equal(number, again);
        }
    }

    [Fact]
    public void Decimals_of_few_digits_read_and_write_as_the_platform_does()
    {
        var random = new Random(9);
        for (int i = 0; i < 50_000; i++)
        {
            double exact = Math.Round(random.NextDouble() * Math.Pow(10, random.Next(-2, 9)), random.Next(0, 8));
            double number = random.Next(2) == 0 ? exact : BitConverter.Int64BitsToDouble(BitConverter.DoubleToInt64Bits(exact) + 1);
            string text = number.ToString("R", System.Globalization.CultureInfo.InvariantCulture);
            Assert.Equal(number, Numbers.ReadDecimal(Encoding.UTF8.GetBytes(text)));
            if (number is < 1e-3 or >= 1e7) continue;
            var output = new TemplateOutput();
            Numbers.Write(number, output);
            Assert.Equal(text.Contains('.', StringComparison.Ordinal) ? text : text + ".0", Encoding.UTF8.GetString(output.Written));
        }
    }

    [Theory]
    [InlineData("0", 0)]
    [InlineData("-7", -7)]
    [InlineData("9223372036854775807", long.MaxValue)]
    public void Reads_an_integer(string text, long expected)
    {
        Assert.True(Numbers.TryReadInteger(Encoding.UTF8.GetBytes(text), out long number));
        Assert.Equal(expected, number);
    }

    [Theory]
    [InlineData("")]
    [InlineData("1x")]
    [InlineData("9223372036854775808")]
    public void Refuses_what_is_no_integer_of_64_bits(string text) => Assert.False(Numbers.TryReadInteger(Encoding.UTF8.GetBytes(text), out _));
}
