using EdgeProxy.Lambda.Runtime;

namespace EdgeProxy.Tests.Lambda.Runtime;

public sealed class RuntimeLifeTests
{
    // Rows: states; columns: next, response, error, init/error, given, taken, follows. A word is the state after it.
    private const string Table = """
        Started:                 Ready 400 400 InitError 403 403 403
        Ready:                   Ready 400 400 403 Running 403 403
        Running:                 same InvocationResponse InvocationErrorResponse 403 403 403 403
        InvocationResponse:      403 403 403 403 403 ResponseSent 403
        InvocationErrorResponse: 403 403 403 403 403 ResponseSent 403
        ResponseSent:            Ready 403 403 403 403 403 Running
        InitError:               403 400 400 403 403 403 403
        """;

    [Fact]
    public void Moves_as_the_table_of_section_3_4_says()
    {
        foreach (string row in Table.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] parts = row.Trim().Split(':', StringSplitOptions.TrimEntries);
            RuntimeState state = Enum.Parse<RuntimeState>(parts[0]);
            string[] cells = parts[1].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            RuntimeEvent[] events = Enum.GetValues<RuntimeEvent>();
            Assert.Equal(events.Length, cells.Length);
            for (int i = 0; i < cells.Length; i++)
            {
                RuntimeMove expected = cells[i] switch
                {
                    "400" => new RuntimeMove(RuntimeVerdict.NoInvocation, state),
                    "403" => new RuntimeMove(RuntimeVerdict.Forbidden, state),
                    "same" => new RuntimeMove(RuntimeVerdict.SameEvent, state),
                    var target => new RuntimeMove(RuntimeVerdict.Allowed, Enum.Parse<RuntimeState>(target)),
                };
                Assert.Equal((state, events[i], expected), (state, events[i], RuntimeLife.Next(state, events[i])));
            }
        }
    }
}
