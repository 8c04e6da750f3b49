using System.IO.Pipelines;
using Orleans.StatefulSets.Api.Hosting;
using Orleans.StatefulSets.Api.Requests;
using Orleans.StatefulSets.Grains.Replicas;

namespace Orleans.StatefulSets.Api.Watches;

/// <summary>Carries a replica's changes to one client until either side ends it.</summary>
internal sealed class WatchStream(
    IReplicaWatch watch, long after, Selection selection, WatchFrames frames, PipeWriter output, ApiOptions options)
{
    private long bookmarked;
    private Task<bool>? changesDue;

    /// <param name="bookmarks">Whether the client wants to hear how far it is.</param>
    /// <param name="time">Wall time, for the bookmarks.</param>
    /// <param name="ending">The watch's time is over, or <paramref name="gone"/>.</param>
    /// <param name="gone">The client went or the server stops.</param>
    public async Task RunAsync(bool bookmarks, TimeProvider time, CancellationToken ending, CancellationToken gone)
    {
        using var bookmarkTimer = bookmarks ? new PeriodicTimer(options.BookmarkInterval, time) : null;
        var bookmarkDue = bookmarkTimer?.WaitForNextTickAsync(ending).AsTask();
        try
        {
            while (true)
            {
                // Taken before the draining: what is put in meanwhile may lie above it, never below.
                var progress = watch.Progress;
                await DrainAsync(ending);
                if (bookmarkDue is { IsCompletedSuccessfully: true })
                {
                    Bookmark(progress);
                    await output.FlushAsync(ending);
                    bookmarkDue = bookmarkTimer!.WaitForNextTickAsync(ending).AsTask();
                }

                if (!await WaitAsync(bookmarkDue, ending))
                {
                    return;
                }
            }
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested && !gone.IsCancellationRequested)
        {
            var progress = watch.Progress;
            await DrainAsync(gone);
            if (bookmarks)
            {
                Bookmark(progress);
            }

            await output.FlushAsync(gone);
        }
    }

    // True: there is something to do. False: the replica ended the watch, because its reader is too slow or it had a gap itself;
    // the client lists again.
    private async ValueTask<bool> WaitAsync(Task<bool>? bookmarkDue, CancellationToken ending)
    {
        changesDue ??= watch.WaitToReadAsync(ending).AsTask();
        if (bookmarkDue is not null)
        {
            await Task.WhenAny(changesDue, bookmarkDue);
            ending.ThrowIfCancellationRequested();
            if (!changesDue.IsCompleted)
            {
                return true;
            }
        }

        var open = await changesDue;
        changesDue = null;
        return open;
    }

    private async ValueTask DrainAsync(CancellationToken cancellation)
    {
        while (watch.TryRead(out var change))
        {
            // What came after the progress was noted may be sent before its bookmark, which must not lead back behind it.
            bookmarked = Math.Max(bookmarked, change.Object.ResourceVersion);
            if (change.Object.ResourceVersion <= after || SelectedChange.Of(change, selection) is not { } selected)
            {
                continue;
            }

            frames.Event(output, selected.Type, selected.Object);
            if (output.UnflushedBytes >= options.MaxWatchBufferBytes)
            {
                await output.FlushAsync(cancellation);
            }
        }

        if (output.UnflushedBytes > 0)
        {
            await output.FlushAsync(cancellation);
        }
    }

    private void Bookmark(long progress)
    {
        bookmarked = Math.Max(Math.Max(after, bookmarked), progress);
        frames.Bookmark(output, bookmarked, endsInitial: false);
    }
}
