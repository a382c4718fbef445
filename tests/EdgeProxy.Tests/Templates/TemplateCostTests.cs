using System.Text;
using EdgeProxy.TestKit;
using EdgeProxy.Templates;

namespace EdgeProxy.Tests.Templates;

/// <summary>What compiling costs a node that starts with a hundred thousand templates.</summary>
public sealed class TemplateCostTests
{
    [Fact]
    public void A_template_of_usual_size_costs_little_beside_what_is_kept_of_it()
    {
        // 17,900 bytes when a writer, its tables and the memory for text were made for each template; 9,200 since a thread keeps them.
        byte[] text = Encoding.UTF8.GetBytes("""
            #set($body = $input.path('$'))
            {
              "id": "$input.params('id')",
              "name": "$util.escapeJavaScript($body.name)",
              "tags": [#foreach($tag in $body.tags)"$tag"#if($foreach.hasNext),#end#end],
              #if($body.price > 10)"class": "dear"#else"class": "cheap"#end
            }
            """);
        Template.TryCompile(text, out _, out _);
        long bytes = AllocationProbe.Least(() => Assert.True(Template.TryCompile(text, out _, out _)));
        Assert.InRange(bytes, 1, 11_000);
    }

    [Fact]
    public void What_a_thread_keeps_for_the_next_template_is_nothing_of_the_last()
    {
        foreach (string text in new[] { "#macro(m $a)[$a]#end#m('x')$util.escapeJavaScript('y')", "$a", "#foreach($i in [1..3])$foreach.count#end", "$x.y.z", "#set($a.b = 1)", "text", "#if($a)b#{else}c#end" })
        {
            string alone = new string('-', 9000) + text;
            Assert.Equal(new TemplateStage().Render(alone)[9000..], new TemplateStage().Render(text));
            Assert.Equal(new TemplateStage().Render(alone)[9000..], new TemplateStage().Render(text));
        }
    }
}
