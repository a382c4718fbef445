using System.Diagnostics;

namespace EdgeProxy.Scenarios.Tests.Harness;

/// <summary>Waiting for something outside the test, always with a deadline and never for a fixed time.</summary>
internal static class Wait
{
    /// <summary>Far beyond what anything here takes on a busy machine; reaching it means that it will not happen.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(10);

    public static Task UntilAsync(Func<bool> happened, string what) => UntilAsync(() => Task.FromResult(happened()), what);

    /// <exception cref="TimeoutException"><paramref name="happened"/> stayed false until the deadline.</exception>
    public static async Task UntilAsync(Func<Task<bool>> happened, string what)
    {
        long started = Stopwatch.GetTimestamp();
        while (!await happened())
        {
            if (Stopwatch.GetElapsedTime(started) > Deadline) throw new TimeoutException($"Did not happen within {Deadline}: {what}.");
            await Task.Delay(Interval);
        }
    }

    public static async Task<T> ForAsync<T>(Task<T> task, string what)
    {
        try
        {
            return await task.WaitAsync(Deadline);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"Did not happen within {Deadline}: {what}.");
        }
    }

    public static async Task ForAsync(Task task, string what)
    {
        try
        {
            await task.WaitAsync(Deadline);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"Did not happen within {Deadline}: {what}.");
        }
    }
}
