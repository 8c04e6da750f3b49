namespace Orleans.StatefulSets.Grains.Objects;

/// <summary>
/// Decides on news, one run at a time, and behind the back of who brings it: news that comes during a run is looked at after it. It
/// belongs to one grain and is used in its turns only.
/// </summary>
/// <param name="run">Looks at how things are, decides, and carries it out.</param>
/// <param name="failed">A run failed; whoever knows when to try again does it.</param>
/// <param name="pause">Waited for before each run, so that what comes meanwhile is looked at together.</param>
internal sealed class DecisionLoop(Func<Task> run, Action<Exception> failed, Func<Task>? pause = null)
{
    private bool running;
    private bool news;

    /// <summary>There is news.</summary>
    public void Wake()
    {
        news = true;
        if (!running)
        {
            running = true;
            _ = RunAsync();
        }
    }

    private async Task RunAsync()
    {
        try
        {
            while (news)
            {
                await Task.Yield();
                if (pause is not null)
                {
                    await pause();
                }

                news = false;
                await run();
            }
        }
        catch (Exception failure)
        {
            failed(failure);
        }
        finally
        {
            running = false;
        }
    }
}
