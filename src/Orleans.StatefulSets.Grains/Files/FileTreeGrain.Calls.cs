using Microsoft.Extensions.Logging;
using Orleans.StatefulSets.Storage;
using Orleans.StatefulSets.Workloads.Files;

namespace Orleans.StatefulSets.Grains.Files;

/// <content>How a call is carried out, and what is written when.</content>
internal sealed partial class FileTreeGrain
{
    private const int LastTries = 5;

    // A file that has no name any more and is open lives in memory only: a tree that is not used otherwise waits so long for its end.
    private static readonly TimeSpan NamelessLast = TimeSpan.FromHours(1);

    private static readonly TimeSpan TroubleLasts = TimeSpan.FromMinutes(5);

    /// <inheritdoc/>
    public Task<TreeReply<long>> Attach(AttachRequest request) => AnswerAsync(async () =>
    {
        await keeper.OpenAsync(create: true);
        if (keeper.IsFenced)
        {
            return Leave<long>();
        }

        keeper.Grow(request.Capacity);
        var epoch = keeper.Attachments.Attach(request);
        var failure = await keeper.FlushAsync();
        NoteTrouble();
        return keeper.IsFenced ? Leave<long>() : new TreeReply<long> { Value = epoch, Error = failure, Position = keeper.Position };
    });

    /// <inheritdoc/>
    public Task<TreeReply<bool>> Detach(string holder) => DetachAsync(holder, origin: null);

    /// <inheritdoc/>
    public Task<TreeReply<bool>> DetachOrigin(string holder, string origin) => DetachAsync(holder, origin);

    private Task<TreeReply<bool>> DetachAsync(string holder, string? origin) => AnswerAsync(async () =>
    {
        if (!await keeper.OpenAsync(create: false))
        {
            return new TreeReply<bool>();
        }

        var detached = !keeper.IsFenced && keeper.Attachments.Detach(holder, origin);
        var failure = await keeper.FlushAsync();
        NoteTrouble();
        return keeper.IsFenced ? Leave<bool>() : new TreeReply<bool> { Value = detached, Error = failure };
    });

    /// <inheritdoc/>
    public Task<TreeReply<bool>> Delete() => AnswerAsync(async () =>
    {
        await keeper.DeleteAsync();
        DeactivateOnIdle();
        return new TreeReply<bool> { Value = true };
    });

    /// <inheritdoc/>
    public Task<TreeReply<FlushResult>> Flush(TreeCaller caller, TreePosition[] written) => AnswerAsync(async () =>
    {
        if (!await keeper.OpenAsync(create: false) || (!keeper.IsFenced && !keeper.Attachments.IsValid(caller)))
        {
            return new TreeReply<FlushResult> { Error = Errno.ESTALE };
        }

        var failure = await keeper.FlushAsync();
        NoteTrouble();
        if (keeper.IsFenced)
        {
            return Leave<FlushResult>();
        }

        var all = written.All(position => position.Epoch == keeper.Position.Epoch || keeper.IsStored(position));
        return new TreeReply<FlushResult> { Value = all ? FlushResult.Committed : FlushResult.Lost, Error = failure };
    });

    private Task<TreeReply<T>> RunAsync<T>(TreeCaller caller, TreeNeeds needs, Func<ValueTask<T>> work) => AnswerAsync(async () =>
    {
        if (!await keeper.OpenAsync(create: false))
        {
            return new TreeReply<T> { Error = Errno.ESTALE };
        }

        // Between the last look at what is needed and the call itself nothing else runs.
        while (!keeper.IsFenced && keeper.Attachments.IsValid(caller))
        {
            if (await keeper.MakeReadyAsync(needs))
            {
                NoteTrouble();
                continue;
            }

            var value = await work();
            WriteSoon();
            KeepNameless();
            return new TreeReply<T> { Value = value, Position = keeper.Position };
        }

        return keeper.IsFenced ? Leave<T>() : new TreeReply<T> { Error = Errno.ESTALE };
    });

    private async Task<TreeReply<T>> AnswerAsync<T>(Func<Task<TreeReply<T>>> work)
    {
        try
        {
            return await work();
        }
        catch (FileException failure)
        {
            return new TreeReply<T> { Error = failure.Code };
        }
        catch (JournalStorageException failure)
        {
            LogFailed(failure, Name);
            return new TreeReply<T> { Error = StorageErrno.Of(failure) };
        }
    }

    private TreeReply<T> Leave<T>()
    {
        LogFenced(Name);
        DeactivateOnIdle();
        return new TreeReply<T> { Again = true };
    }

    private void WriteSoon()
    {
        if (!writesSoon && keeper.IsDirty)
        {
            writesSoon = true;
            _ = WriteLaterAsync();
        }
    }

    private async Task WriteLaterAsync()
    {
        try
        {
            await Task.Delay(bounds.WriteAfter, wall, leaving.Token);
        }
        catch (OperationCanceledException)
        {
            // The tree leaves memory, and writes what is left itself.
            return;
        }

        writesSoon = false;
        await keeper.FlushAsync();
        NoteTrouble();
        if (keeper.IsFenced)
        {
            Leave<bool>();
        }
    }

    // What could not be written stays in memory until it can be.
    private void NoteTrouble()
    {
        if (keeper.Failing is null || keeper.IsFenced || keeper.Failure is not { } failure)
        {
            troubled = false;
            return;
        }

        if (!troubled)
        {
            troubled = true;
            LogFailed(failure, Name);
        }

        DelayDeactivation(TroubleLasts);
        WriteSoon();
    }

    private void KeepNameless()
    {
        if (keeper.Tree.HasNameless || keepsNameless)
        {
            keepsNameless = keeper.Tree.HasNameless;
            DelayDeactivation(keepsNameless ? NamelessLast : TimeSpan.Zero);
        }
    }

    private async Task WriteLastAsync(CancellationToken cancellation)
    {
        for (var tries = 1; keeper.IsDirty && !keeper.IsFenced && await keeper.FlushAsync() is not null; tries++)
        {
            if (tries == LastTries || cancellation.IsCancellationRequested)
            {
                LogLost(keeper.Failure, Name);
                return;
            }

            await Task.Delay(bounds.RetryAfter, wall);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The files of {Tree} could not be written or read; it is tried again")]
    private partial void LogFailed(Exception failure, string tree);

    [LoggerMessage(Level = LogLevel.Error, Message = "The files of {Tree} left memory and could not be written: what was not flushed is lost")]
    private partial void LogLost(Exception? failure, string tree);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The files of {Tree} have another holder, or were deleted")]
    private partial void LogFenced(string tree);
}
