using EdgeProxy.Commands.Syntax;

namespace EdgeProxy.Tests.Process.Commands.Syntax;

public sealed class CommandParserTests
{
    private readonly Option _one = new("--one", "-o") { Description = "One value.", ValueName = "X" };
    private readonly Option _many = new("--many") { Description = "Several.", ValueName = "X", IsRepeated = true };
    private readonly Option _flag = new("--flag") { Description = "None." };
    private readonly Option _form = new("--form") { Description = "A choice.", Values = ["text", "json"] };
    private readonly Argument _first = new("FIRST") { Description = "Required." };
    private readonly Argument _rest = new("REST") { Description = "The rest.", IsRepeated = true, Check = static word => word == "bad" ? "'bad' is bad." : null };
    private readonly Command _root;

    public CommandParserTests()
    {
        var verb = new Command("verb", "Does it.") { _first, _rest, _one, _many, _flag, _form };
        verb.Action = static _ => 0;
        var bare = new Command("bare", "Takes nothing.") { Action = static _ => 0, Check = static parsed => parsed.Has(parsed.Command.Options[0]) ? null : "Say --flag." };
        bare.Add(_flag);
        _root = new Command("tool", "A tool.") { verb, new Command("group", "Verbs.") { bare } };
    }

    [Fact]
    public void Reads_options_and_arguments_in_any_order()
    {
        ParsedCommand parsed = Parse("verb", "--many", "1", "a", "-o", "x", "b", "--many=2", "c", "--flag", "--form=json");
        Assert.Empty(parsed.Faults);
        Assert.Equal("tool verb", parsed.Path);
        Assert.Equal(("a", "x", "json"), (parsed.TextOrNull(_first), parsed.TextOrNull(_one), parsed.TextOrNull(_form)));
        Assert.Equal(["b", "c"], parsed.TextsOf(_rest));
        Assert.Equal(["1", "2"], parsed.TextsOf(_many));
        Assert.True(parsed.Has(_flag));
    }

    [Fact]
    public void Takes_a_value_that_starts_with_a_dash_unless_it_is_an_option()
    {
        Assert.Equal("-1", Parse("verb", "a", "--one", "-1").TextOrNull(_one));
        Assert.Equal("", Parse("verb", "a", "--one=").TextOrNull(_one));
        Assert.Contains("'--one'", Assert.Single(Parse("verb", "a", "--one", "--flag").Faults), StringComparison.Ordinal);
    }

    [Fact]
    public void Takes_everything_behind_two_dashes_as_arguments()
    {
        ParsedCommand parsed = Parse("verb", "--", "--one", "--help", "--");
        Assert.Empty(parsed.Faults);
        Assert.False(parsed.AsksForHelp);
        Assert.Equal("--one", parsed.TextOrNull(_first));
        Assert.Equal(["--help", "--"], parsed.TextsOf(_rest));
    }

    [Fact]
    public void Has_nothing_of_what_was_not_given()
    {
        ParsedCommand parsed = Parse("verb", "a");
        Assert.False(parsed.Has(_flag));
        Assert.Null(parsed.TextOrNull(_one));
        Assert.Empty(parsed.TextsOf(_many));
    }

    [Theory]
    [InlineData("verb --help")]
    [InlineData("verb a --one x -h --nope")]
    [InlineData("group -?")]
    [InlineData("--help")]
    public void Help_wins_over_what_is_missing(string line)
    {
        ParsedCommand parsed = Parse(line.Split(' '));
        Assert.True(parsed.AsksForHelp);
        Assert.Empty(parsed.Faults);
    }

    [Theory]
    [InlineData("", "Required command was not provided.")]
    [InlineData("group", "Required command was not provided.")]
    [InlineData("vreb", "There is no command 'vreb'. Did you mean \"verb\"?")]
    [InlineData("verb", "Required argument missing: FIRST.")]
    [InlineData("verb a --mnay 1", "There is no option '--mnay'. Did you mean \"--many\"?")]
    [InlineData("verb a --one x -o y", "'-o' is given twice.")]
    [InlineData("verb a --one", "Required argument missing for option '--one'.")]
    [InlineData("verb a --flag=yes", "'--flag' takes no value.")]
    [InlineData("verb a --form jsno", "'--form' is 'jsno': it must be one of text, json. Did you mean \"json\"?")]
    [InlineData("verb a bad", "'bad' is bad.")]
    [InlineData("group bare --flag more", "'more' is one argument too many.")]
    [InlineData("group bare", "Say --flag.")]
    public void Says_what_is_wrong(string line, string fault) =>
        Assert.Equal(fault, Assert.Single(Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Faults));

    [Fact]
    public void Help_tells_all_there_is()
    {
        var output = new StringWriter();
        CommandHelp.Write(Parse("verb", "--help"), output);
        Assert.Equal(
            """
            Description:
              Does it.

            Usage:
              tool verb <FIRST> [<REST>...] [options]

            Arguments:
              <FIRST>  Required.
              <REST>   The rest.

            Options:
              -o, --one <X>       One value.
              --many <X>          Several.
              --flag              None.
              --form <text|json>  A choice.
              -?, -h, --help      Show help and usage.

            """, output.ToString());
    }

    private ParsedCommand Parse(params string[] words) => CommandParser.Parse(_root, words);
}
