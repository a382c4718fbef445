using System.Text;
using EdgeProxy.Http.Messages;

namespace EdgeProxy.Tests.Http.Messages;

public sealed class KnownHeadersTests
{
    public static TheoryData<KnownHeader> All()
    {
        var data = new TheoryData<KnownHeader>();
        foreach (KnownHeader known in Enum.GetValues<KnownHeader>())
        {
            if (known != KnownHeader.Other) data.Add(known);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Finds_every_name_in_any_case(KnownHeader known)
    {
        string name = Encoding.ASCII.GetString(KnownHeaders.NameOf(known));
        Assert.NotEmpty(name);
        Assert.Equal(known, Find(name));
        Assert.Equal(known, Find(name.ToUpperInvariant()));
        Assert.Equal(known, Find(name.ToLowerInvariant()));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Finds_nothing_when_any_one_byte_differs(KnownHeader known)
    {
        byte[] name = KnownHeaders.NameOf(known).ToArray();
        for (int i = 0; i < name.Length; i++)
        {
            byte right = name[i];
            for (int value = 0; value < 256; value++)
            {
                bool sameLetter = char.IsAsciiLetter((char)right) && (value | 0x20) == (right | 0x20) && char.IsAsciiLetter((char)value);
                if (value == right || sameLetter) continue;
                name[i] = (byte)value;
                Assert.NotEqual(known, KnownHeaders.Find(name));
            }

            name[i] = right;
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Finds_nothing_for_a_longer_or_shorter_name(KnownHeader known)
    {
        byte[] name = KnownHeaders.NameOf(known).ToArray();
        Assert.NotEqual(known, KnownHeaders.Find(name.AsSpan(1)));
        Assert.NotEqual(known, KnownHeaders.Find(name.AsSpan(0, name.Length - 1)));
        Assert.NotEqual(known, KnownHeaders.Find([.. name, (byte)'x']));
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("accept-language")]
    [InlineData("a-name-that-is-longer-than-every-known-one")]
    public void Leaves_other_names_alone(string name) => Assert.Equal(KnownHeader.Other, Find(name));

    [Fact]
    public void Has_no_name_for_other() => Assert.True(KnownHeaders.NameOf(KnownHeader.Other).IsEmpty);

    private static KnownHeader Find(string name) => KnownHeaders.Find(Encoding.ASCII.GetBytes(name));
}
