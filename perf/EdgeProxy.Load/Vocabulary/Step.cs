using System.Diagnostics;
using EdgeProxy.Load.Driving;

namespace EdgeProxy.Load.Vocabulary;

/// <summary>A part of a scenario that is counted by itself.</summary>
internal static class Step
{
    /// <summary>Does the step and counts it. An exception counts as a failure and goes no further.</summary>
    /// <remarks>The first step's time counts from when the copy was due, like that of the whole; those of later ones from when they began.</remarks>
    public static async Task<Response<T>> Run<T>(string name, IScenarioContext context, Func<Task<Response<T>>> run)
    {
        Copy copy = (Copy)context;
        long since = copy.TakeDue();
        if (since == 0) since = Stopwatch.GetTimestamp();
        Response<T> response;
        try
        {
            response = await run();
        }
        catch (Exception exception)
        {
            response = new Response<T> { IsError = true, Message = exception.Message };
        }

        copy.RecordStep(name, response, Stopwatch.GetTimestamp() - since);
        return response;
    }
}
