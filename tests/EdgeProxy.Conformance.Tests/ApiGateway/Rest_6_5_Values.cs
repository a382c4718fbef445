using EdgeProxy.TestKit;
using EdgeProxy.Templates;

namespace EdgeProxy.Conformance.Tests.ApiGateway;

/// <summary>rest-api.md 6.5: the text of values, and the methods they have.</summary>
public sealed class Rest_6_5_Values
{
    [Theory]
    [InlineData("""{"foo":"bar"}""", "{foo=bar}")]
    [InlineData("""{"bigger": "dict", "to": "test", "with": "separators"}""", "{bigger=dict, to=test, with=separators}")]
    [InlineData("""[{"foo": "bar"}]""", """[{"foo":"bar"}]""")]
    [InlineData("""{"foo": [{"nested": "bar"}]}""", """{foo=[{"nested":"bar"}]}""")]
    [InlineData("""{"a": null}""", "{a=null}")]
    [InlineData("""{"a": {"b": {"c": 1}}}""", "{a={b={c=1}}}")]
    [InlineData("""[1, 1.0, 1e10, 0.1, true, null, "a\"b"]""", """[1,1.0,1.0E10,0.1,true,null,"a\"b"]""")]
    [InlineData("12345678901234567890", "12345678901234567890")]
    [InlineData("0.1234567890123456789", "0.1234567890123456789")]
    [InlineData("1e2", "100.0")]
    [InlineData("\"x\\u00e9\\n\\ud83d\\ude00\"", "xé\n😀")]
    [InlineData("true", "true")]
    public void Json_as_text(string body, string output)
    {
        TemplateStage stage = new TemplateStage().WithBody(body);
        Assert.Equal(output, stage.Render("$input.path('$')"));
        Assert.Equal(output, stage.Render("#set($x = $input.path('$'))$x.toString()"));
    }

    [Theory]
    [InlineData("$r[0]", "{foo=bar}")]
    [InlineData("$r[1]", "[{\"foo\":\"bar\"}]")]
    [InlineData("$r.get(0).foo", "bar")]
    [InlineData("$r[-1]", "x")]
    public void Elements_of_an_array(string template, string output) =>
        Assert.Equal(output, new TemplateStage().WithBody("""[{"foo":"bar"},[{"foo":"bar"}],"x"]""").Render("#set($r = $input.path('$'))" + template));

    [Theory]
    [InlineData("[\"a\", \"b\"]", "[a, b]")]
    [InlineData("{\"k\": \"v\"}", "{k=v}")]
    [InlineData("[\"a\", $none, 1.0, true]", "[a, null, 1.0, true]")]
    [InlineData("[$input.path('$')]", "[{a=[1]}]")]
    public void Values_of_the_language_as_text(string expression, string output) =>
        Assert.Equal(output, new TemplateStage().WithBody("""{"a":[1]}""").Render($"#set($x = {expression})$x"));

    [Theory]
    [InlineData("$s.length() $s.isEmpty() $s.equals(\"Hello\") $s.equalsIgnoreCase(\"hELLO\")", "5 false true true")]
    [InlineData("$s.compareTo(\"Help\") $s.contains(\"ell\") $s.startsWith(\"He\") $s.startsWith(\"ll\", 2) $s.endsWith(\"lo\")", "-4 true true true true")]
    [InlineData("$s.indexOf(\"l\") $s.indexOf(\"l\", 3) $s.indexOf(\"z\") $s.lastIndexOf(\"l\") $s.lastIndexOf(\"l\", 2)", "2 3 -1 3 2")]
    [InlineData("$s.charAt(1) $s.substring(1) $s.substring(1, 3) $s.concat(\"!\") $s.replace(\"l\", \"L\")", "e ello el Hello! HeLLo")]
    [InlineData("$s.replaceAll(\"[eo]\", \"<$0>\") $s.replaceFirst(\"l\", \"1\") $s.matches(\"H.*\") $s.matches(\"H\")", "H<e>ll<o> He1lo true false")]
    [InlineData("$s.toLowerCase() $s.toUpperCase() [$t.trim()] $s.toString() $s.hashCode() $s.intern()", "hello HELLO [x y] Hello 69609650 Hello")]
    [InlineData("$s.getBytes().size() $s.bytes[0] $s.empty", "5 72 false")]
    [InlineData("$s.format(\"%s-%05d-%.2f\", \"a\", 42, 1.5) $s.valueOf(3) $s.join(\"-\", [\"a\", \"b\"])", "a-00042-1.50 3 a-b")]
    [InlineData("$p $p.size() $p.isEmpty() $p.get(0) $p[1]", "[a, b] 2 false a b")]
    [InlineData("[$s.size()][$s.none()][$s.length(1)][$s.substring(\"1\")][$s.contains(1)]", "[][][][][]")]
    [InlineData("$u.length() $u.substring(1, 2) $u.toUpperCase() $u.indexOf(\"x\")", "5 é HÉ😀X 4")]
    public void Methods_of_text(string template, string output) =>
        Assert.Equal(output, new TemplateStage().Render("#set($s = \"Hello\")#set($t = \" x y \")#set($p = \"a,b,,\")#set($p = $p.split(\",\"))#set($u = \"hé😀x\")" + template));

    [Theory]
    [InlineData("$n.toString() $n.intValue() $n.longValue() $n.doubleValue() $n.equals(7) $n.equals(\"7\") $n.compareTo(9)", "7 7 7 7.0 true false -1")]
    [InlineData("$d.intValue() $d.toString() $d.compareTo(2.5)", "2 2.5 0")]
    [InlineData("$Integer.parseInt(\"5\") $Integer.valueOf(\"-3\") $Integer.parseInt(\"ff\", 16) $d.parseDouble(\"1.50\") $Integer.parseLong(\"5000000000\")", "5 -3 255 1.5 5000000000")]
    [InlineData("$Integer.toHexString(255) $Integer.max(3, 4) $Integer.min(3, 4) $n.length()", "ff 4 3 ")]
    public void Methods_of_numbers(string template, string output) => Assert.Equal(output, new TemplateStage().Render("#set($n = 7)#set($d = 2.5)#set($Integer = 0)" + template));

    [Theory]
    [InlineData("$l.size() $l.isEmpty() $l.get(1) $l.contains(\"b\") $l.contains(\"z\") $l.indexOf(\"c\") $l.empty", "3 false b true false 2 false")]
    [InlineData("$l.set(0, \"x\") $l.add(\"d\") $l.add(1, \"y\") $l", "a true  [x, y, b, c, d]")]
    [InlineData("$l.addAll([1, 2]) $l.remove(0) $l.remove(\"c\") $l.remove(\"z\") $l", "true a true false [b, 1, 2]")]
    [InlineData("$l.subList(1, 3) $l.toArray() $l.toString() $l.clear()$l", "[b, c] [a, b, c] [a, b, c] []")]
    [InlineData("#set($i = $l.iterator())$i.next()$i.hasNext()#foreach($x in $i)$x#end", "atruebc")]
    [InlineData("$l.equals([\"a\", \"b\", \"c\"]) $l.equals(\"x\") $l.containsAll([\"a\", \"c\"]) $l.lastIndexOf(\"a\")", "true false true 0")]
    public void Methods_of_lists(string template, string output) => Assert.Equal(output, new TemplateStage().Render("#set($l = [\"a\", \"b\", \"c\"])" + template));

    [Theory]
    [InlineData("$m.size() $m.isEmpty() $m.get(\"a\") $m.containsKey(\"a\") $m.containsKey(\"z\") $m.containsValue(2)", "2 false 1 true false true")]
    [InlineData("[$m.put(\"c\", 3)][$m.put(\"a\", 9)]$m", "[][1]{a=9, b=2, c=3}")]
    [InlineData("$m.putAll({\"z\": 0})$m.remove(\"a\") $m.remove(\"q\")$m", "1 {b=2, z=0}")]
    [InlineData("$m.keySet() $m.values() $m.entrySet() $m.getOrDefault(\"q\", \"d\") $m.getOrDefault(\"a\", \"d\") $m.toString()", "[a, b] [1, 2] [a=1, b=2] d 1 {a=1, b=2}")]
    [InlineData("#foreach($e in $m.entrySet())$e.getKey()=$e.getValue(),$e.key:$e.value;#end", "a=1,a:1;b=2,b:2;")]
    [InlineData("$m.clear()$m $m.none()", "{} ")]
    [InlineData("#set($_ = $m.put(\"x\", 1))$!m.put(\"y\", 2)$m.size()", "4")]
    public void Methods_of_maps(string template, string output)
    {
        Assert.Equal(output, new TemplateStage().Render("#set($m = {\"a\": 1, \"b\": 2})" + template));
        Assert.Equal(output, new TemplateStage().WithBody("""{"a": 1, "b": 2}""").Render("#set($m = $input.path('$'))" + template));
    }

    [Fact]
    public void A_change_is_seen_by_all_who_hold_the_value()
    {
        TemplateStage stage = new TemplateStage().WithBody("""{"a":{"b":[1]}}""");
        Assert.Equal("{b=[1,2], c=x} {b=[1,2], c=x}", stage.Render("#set($a = $input.path('$.a'))#set($r = $input.path('$'))#set($_ = $a.b.add(2))#set($a.c = \"x\")$a $r.a"));
        Assert.Equal("{\"a\":{\"b\":[1,\"n\"]}}", stage.Render("#set($_ = $input.path('$.a.b').add(\"n\"))$input.json('$')"));
    }

    [Theory]
    [InlineData("#set($l = [1])$l.get(1)", TemplateFault.IndexOutOfRange)]
    [InlineData("#set($l = [1])$l[1]", TemplateFault.IndexOutOfRange)]
    [InlineData("#set($s = \"a\")$s.substring(2)", TemplateFault.IndexOutOfRange)]
    [InlineData("#set($i = 0)$i.parseInt(\"x\")", TemplateFault.InvalidNumber)]
    [InlineData("#set($s = \"a\")$s.replaceAll(\"(\", \"\")", TemplateFault.InvalidPattern)]
    [InlineData("#set($s = \"a\")$s.replaceAll(\"a\", \"$\")", TemplateFault.InvalidPattern)]
    [InlineData("#set($s = \"a\")$s.format(\"%d\", \"x\")", TemplateFault.InvalidFormat)]
    [InlineData("#set($l = [])#set($i = $l.iterator())$i.next()", TemplateFault.NoSuchElement)]
    public void What_throws_in_Java_is_a_fault(string template, TemplateFault fault)
    {
        TemplateResult result = new TemplateStage().Run(template);
        Assert.Equal(fault, result.Fault);
        Assert.Equal((1, template.LastIndexOf(")$", StringComparison.Ordinal) + 2), (result.Line, result.Column));
    }
}
