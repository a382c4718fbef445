using EdgeProxy.Templates;
using EdgeProxy.TestKit;

namespace EdgeProxy.Tests.Templates.Functions;

/// <summary>What is expected was taken from String.format (OpenJDK 17, root locale).</summary>
public sealed class JavaFormatTests
{
    [Theory]
    [InlineData("%d", "5", "5")]
    [InlineData("%5d|", "5", "    5|")]
    [InlineData("%-5d|", "5", "5    |")]
    [InlineData("%05d", "-42", "-0042")]
    [InlineData("%,d", "1234567", "1,234,567")]
    [InlineData("%,d", "-12345678901234567890123", "-12,345,678,901,234,567,890,123")]
    [InlineData("%(,d", "-1000", "(1,000)")]
    [InlineData("%+d", "3", "+3")]
    [InlineData("%(d", "-3", "(3)")]
    [InlineData("% d", "3", " 3")]
    [InlineData("%x", "255", "ff")]
    [InlineData("%X", "255", "FF")]
    [InlineData("%#x", "255", "0xff")]
    [InlineData("%o", "8", "10")]
    [InlineData("%08x", "48879", "0000beef")]
    [InlineData("%x", "-1", "ffffffff")]
    [InlineData("%.2f", "1.005", "1.01")]
    [InlineData("%f", "1.5", "1.500000")]
    [InlineData("%10.3f|", "3.14159", "     3.142|")]
    [InlineData("%-10.1f|", "2.25", "2.3       |")]
    [InlineData("%010.2f", "-3.5", "-000003.50")]
    [InlineData("%,.2f", "1234567.891", "1,234,567.89")]
    [InlineData("%.0f", "2.5", "3")]
    [InlineData("%e", "12345.678", "1.234568e+04")]
    [InlineData("%.3E", "1.2E-4", "1.200E-04")]
    [InlineData("%s", "\"x\"", "x")]
    [InlineData("%5s|", "\"x\"", "    x|")]
    [InlineData("%-5s|", "\"x\"", "x    |")]
    [InlineData("%.2s", "\"abcdef\"", "ab")]
    [InlineData("%S", "\"abc\"", "ABC")]
    [InlineData("%b", "true", "true")]
    [InlineData("%b", "\"x\"", "true")]
    [InlineData("%c", "65", "A")]
    [InlineData("%%", "0", "%")]
    [InlineData("%n", "0", "\n")]
    [InlineData("a%1$sb%1$s", "\"x\"", "axbx")]
    [InlineData("%d", "\"x\"", null)]
    [InlineData("%q", "1", null)]
    [InlineData("%d", "1.5", null)]
    [InlineData("%f", "1", null)]
    [InlineData("%", "1", null)]
    [InlineData("%,d", "-123", "-123")]
    [InlineData("%(,.2f", "-1234.5", "(1,234.50)")]
    [InlineData("%s", "1.0", "1.0")]
    public void Formats_as_Java_does(string format, string argument, string? expected)
    {
        TemplateStage stage = new TemplateStage().With(ParameterPlace.Header, "f", format);
        TemplateResult result = stage.Run($"#set($a = {argument})#set($s = \"\")$s.format($input.params('f'), $a)");
        if (expected is null) Assert.Equal(TemplateFault.InvalidFormat, result.Fault);
        else Assert.Equal(expected, System.Text.Encoding.UTF8.GetString(stage.Output));
    }

    [Theory]
    [InlineData("'%s %s', [1], 'a'", "[1] a")]
    [InlineData("'%2$s %1$s', 1, 2", "2 1")]
    [InlineData("'plain'", "plain")]
    public void Takes_several_arguments(string arguments, string expected) => Assert.Equal(expected, new TemplateStage().Render($"#set($s = \"\")$s.format({arguments})"));
}
