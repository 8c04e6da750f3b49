using Orleans.StatefulSets.Workloads.Files;

namespace Orleans.StatefulSets.Grains.Files;

/// <summary>Asks a tree's grain, and makes of what may become of that what a system call says.</summary>
internal static class TreeCalls
{
    /// <param name="call">The call.</param>
    /// <param name="mayRepeat">Whether it does no harm to make it again when nobody knows what became of it.</param>
    /// <param name="options">How often and how soon.</param>
    /// <param name="wall">The wall's clock.</param>
    /// <exception cref="FileException">The answer's error, or EIO where there was no answer.</exception>
    public static async Task<TreeReply<T>> AskAsync<T>(Func<Task<TreeReply<T>>> call, bool mayRepeat, FileTreeOptions options, TimeProvider wall)
    {
        for (var tries = 1; ; tries++)
        {
            var isLast = tries >= options.MostTries;
            try
            {
                var reply = await call();
                if (!reply.Again)
                {
                    return reply.Error is { } error ? throw new FileException(error) : reply;
                }
            }
            catch (Exception failure) when (failure is not FileException)
            {
                // Whatever it was, a silo that went or one that does not answer: a process inside of a pod knows of no silos.
                isLast |= !mayRepeat;
            }

            if (isLast)
            {
                throw new FileException(Errno.EIO);
            }

            await Task.Delay(options.RetryAfter, wall);
        }
    }
}
