using EdgeProxy.Http.Http2.Hpack;

namespace EdgeProxy.Conformance.Tests.Rfc7541;

public sealed class Section4_DynamicTable
{
    [Fact]
    public void Section_4_1_an_entry_counts_32_bytes_beyond_its_own()
    {
        var decoder = new HpackDecoder();
        Blocks.Decode(decoder, "4001610162");
        Assert.Equal(34, decoder.TableSize);
    }

    [Fact]
    public void Section_4_2_an_update_beyond_the_setting_is_an_error()
    {
        Assert.Equal(HpackStatus.Complete, Blocks.Status("3fe11f")); // 4,096
        Assert.Equal(HpackStatus.CompressionError, Blocks.Status("3fe21f")); // 4,097
    }

    [Fact]
    public void Section_4_2_an_update_stands_at_the_beginning_of_a_block()
    {
        Assert.Equal(HpackStatus.Complete, Blocks.Status("20 3fe11f 82"));
        Assert.Equal(HpackStatus.CompressionError, Blocks.Status("82 20"));
        Assert.Equal(HpackStatus.CompressionError, Blocks.Status("0401 2f 20"));
    }

    [Fact]
    public void Section_4_2_a_lowered_setting_must_be_answered_by_an_update()
    {
        var silent = new HpackDecoder();
        silent.SetTableLimit(100);
        Assert.Equal(HpackStatus.CompressionError, Blocks.Status(silent, "82"));
        var literal = new HpackDecoder();
        literal.SetTableLimit(100);
        Assert.Equal(HpackStatus.CompressionError, Blocks.Status(literal, "0401 2f"));
        var tooLarge = new HpackDecoder();
        tooLarge.SetTableLimit(100);
        Assert.Equal(HpackStatus.CompressionError, Blocks.Status(tooLarge, "3f46 82")); // 101
        var heard = new HpackDecoder();
        heard.SetTableLimit(100);
        Assert.Equal(HpackStatus.Complete, Blocks.Status(heard, "3f45 82")); // 100
        Assert.Equal(HpackStatus.Complete, Blocks.Status(heard, "82"));
    }

    [Fact]
    public void Section_4_2_a_raised_setting_need_not_be()
    {
        var decoder = new HpackDecoder();
        decoder.SetTableLimit(8192);
        Assert.Equal(HpackStatus.Complete, Blocks.Status(decoder, "82"));
        Assert.Equal(HpackStatus.Complete, Blocks.Status(decoder, "3fe13f")); // 8,192
    }

    [Fact]
    public void Section_4_2_size_0_empties_the_table()
    {
        var decoder = new HpackDecoder();
        Blocks.Decode(decoder, "4001610162");
        Blocks.Decode(decoder, "20 3fe11f");
        Assert.Equal(0, decoder.TableSize);
        Assert.Equal(HpackStatus.CompressionError, Blocks.Status(decoder, "be"));
    }

    [Fact]
    public void Section_4_3_a_smaller_table_drops_the_oldest()
    {
        var decoder = new HpackDecoder();
        Blocks.Decode(decoder, "4001610131 4001620132 4001630133");
        Assert.Equal("c: 3\nb: 2", Blocks.Decode(decoder, "3f25 bebf")); // 68: two entries
        Assert.Equal(HpackStatus.CompressionError, Blocks.Status(decoder, "c0"));
    }

    [Fact]
    public void Section_4_4_a_new_entry_drops_the_oldest_until_it_fits()
    {
        var decoder = new HpackDecoder();
        decoder.SetTableLimit(100);
        Blocks.Decode(decoder, "3f45 4001610131 4001620132 4001630133");
        Assert.Equal(68, decoder.TableSize);
        Assert.Equal("c: 3\nb: 2", Blocks.Decode(decoder, "bebf"));
    }

    [Fact]
    public void Section_4_4_an_entry_larger_than_the_table_empties_it_and_is_no_error()
    {
        var decoder = new HpackDecoder();
        decoder.SetTableLimit(40);
        Blocks.Decode(decoder, "3f09 4001610131");
        Assert.Equal("a: 123456789", Blocks.Decode(decoder, "400161 09313233343536373839"));
        Assert.Equal(0, decoder.TableSize);
    }

    [Fact]
    public void Section_4_4_a_name_may_come_from_the_entry_that_makes_room()
    {
        var decoder = new HpackDecoder();
        decoder.SetTableLimit(40);
        Blocks.Decode(decoder, "3f09 4001610131");
        Assert.Equal("a: 2", Blocks.Decode(decoder, "7e0132"));
        Assert.Equal("a: 2", Blocks.Decode(decoder, "be"));
        Assert.Equal(34, decoder.TableSize);
    }

    [Fact]
    public void Entries_stay_right_when_the_table_has_turned_over_many_times()
    {
        var decoder = new HpackDecoder();
        var encoder = new HpackEncoder();
        for (int round = 0; round < 2000; round++)
        {
            string value = new('v', round % 300);
            string name = "n" + (round % 40);
            string expected = $"{name}: {value}\nserver: s{round % 7}";
            Assert.Equal(expected, Blocks.Decode(decoder, Blocks.Encode(encoder, (name, value), ("Server", "s" + (round % 7)))));
            Assert.True(decoder.TableSize <= 4096);
            Assert.Equal(encoder.TableSize, decoder.TableSize);
        }
    }

    [Fact]
    public void The_encoder_says_the_least_size_and_then_the_last_one()
    {
        var encoder = new HpackEncoder();
        Blocks.Encode(encoder, ("server", "x"));
        encoder.SetTableLimit(0);
        encoder.SetTableLimit(100);
        Assert.StartsWith("203f45", Blocks.Encode(encoder, ("server", "x")), StringComparison.Ordinal);
        Assert.Equal("be", Blocks.Encode(encoder, ("server", "x")));
    }

    [Fact]
    public void The_encoder_keeps_to_the_other_ends_setting()
    {
        var encoder = new HpackEncoder();
        encoder.SetTableLimit(0);
        Assert.StartsWith("20", Blocks.Encode(encoder, ("server", "x")), StringComparison.Ordinal);
        for (int i = 0; i < 10; i++) Blocks.Encode(encoder, ("server", "x"), ("x-some", "y"));
        Assert.Equal(0, encoder.TableSize);

        encoder.SetTableLimit(64);
        for (int i = 0; i < 100; i++)
        {
            Blocks.Encode(encoder, ("server", "x" + (i % 5)), ("x-some", "y"));
            Assert.True(encoder.TableSize <= 64);
        }
    }

    [Fact]
    public void The_encoder_never_takes_more_than_its_own_bound()
    {
        var encoder = new HpackEncoder();
        encoder.SetTableLimit(uint.MaxValue);
        for (int i = 0; i < 500; i++) Blocks.Encode(encoder, ("x-name-" + i, new string('v', 50)));
        Assert.InRange(encoder.TableSize, 1, HpackEncoder.LargestTable);
    }

    [Fact]
    public void A_block_that_was_not_sent_leaves_both_ends_equal_when_it_is_reported()
    {
        var decoder = new HpackDecoder();
        var encoder = new HpackEncoder();
        Blocks.Decode(decoder, Blocks.Encode(encoder, ("server", "a")));
        Blocks.Encode(encoder, ("server", "b"));
        encoder.ForgetTable();
        Assert.Equal("server: b", Blocks.Decode(decoder, Blocks.Encode(encoder, ("server", "b"))));
        Assert.Equal("server: b", Blocks.Decode(decoder, Blocks.Encode(encoder, ("server", "b"))));
        Assert.Equal(encoder.TableSize, decoder.TableSize);
    }
}
