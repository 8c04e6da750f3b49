using System.Globalization;
using System.Threading.Channels;
using k8s.Models;
using Microsoft.Extensions.Logging;
using Orleans.StatefulSets.Grains.Journal;
using Orleans.StatefulSets.Grains.Objects;
using Orleans.StatefulSets.Grains.Time;
using Orleans.StatefulSets.Reconciliation.Events;
using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Resources.Objects;

namespace Orleans.StatefulSets.Grains.Events;

/// <summary>
/// Takes what controllers tell and writes it to the events' journal, in batches and behind everybody's back: an Event is never waited
/// for, and where more come than can be written the newest are let go, as a real recorder's queue does.
/// </summary>
internal sealed partial class EventRecorder : ILifecycleParticipant<ISiloLifecycle>
{
    private const int MostWaiting = 100_000;
    private const int MostInBatch = 500;
    private const int MostRemembered = 4096;

    // A pod's life tells one Event after another; written together they cost a fraction of as many transactions.
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(25);

    private readonly ObjectCommitter committer;
    private readonly ClusterClock clock;
    private readonly IIdentitySource identities;
    private readonly TimeProvider wall;
    private readonly ILogger<EventRecorder> logger;
    private readonly CancellationTokenSource stopping = new();
    private readonly Channel<Told> waiting = Channel.CreateBounded<Told>(new BoundedChannelOptions(MostWaiting) { SingleReader = true, FullMode = BoundedChannelFullMode.DropWrite });
    private readonly RepeatingEvents repeating = new(MostRemembered);
    private Task writing = Task.CompletedTask;
    private long lastSuffix;

    public EventRecorder(ObjectCommitter committer, ClusterClock clock, IIdentitySource identities, TimeProvider wall, ILogger<EventRecorder> logger)
    {
        this.committer = committer;
        this.clock = clock;
        this.identities = identities;
        this.wall = wall;
        this.logger = logger;
    }

    /// <summary>Records an Event about an object.</summary>
    public void Record(ObjectEvent told, StoredObject item, string? fieldPath = null) =>
        waiting.Writer.TryWrite(new Told(told, item.Key, item.Uid, item.ResourceVersion, fieldPath, clock.Now));

    /// <inheritdoc/>
    public void Participate(ISiloLifecycle lifecycle) => lifecycle.Subscribe(
        nameof(EventRecorder),
        ServiceLifecycleStage.Active,
        _ =>
        {
            writing = Task.Run(WriteAsync);
            return Task.CompletedTask;
        },
        async _ =>
        {
            waiting.Writer.TryComplete();
            await stopping.CancelAsync();
            await writing;
        });

    private async Task WriteAsync()
    {
        List<Told> batch = new(MostInBatch);
        while (await waiting.Reader.WaitToReadAsync())
        {
            await Task.Delay(Gathering, wall, stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            while (batch.Count < MostInBatch && waiting.Reader.TryRead(out var told))
            {
                batch.Add(told);
            }

            try
            {
                await WriteAsync(batch);
            }
            catch (Exception failure)
            {
                LogLost(failure, batch.Count);
            }

            batch.Clear();
        }
    }

    private async Task WriteAsync(List<Told> batch)
    {
        var expired = await WriteOnceAsync(batch);
        if (expired.Count > 0)
        {
            await WriteOnceAsync(expired);
        }
    }

    /// <returns>What was to count up in an Event that is not there any more: it is to be told anew.</returns>
    private async Task<List<Told>> WriteOnceAsync(List<Told> batch)
    {
        // What is told again (FailedScheduling, BackOff, Started) counts up in the Event that is there.
        Dictionary<string, int> places = [];
        List<(string Key, Told Told)> gathered = [];
        foreach (var told in batch)
        {
            var key = EventObjects.Key(told.Event, told.Reference());
            if (places.TryGetValue(key, out var place))
            {
                gathered[place] = (key, told with { Times = gathered[place].Told.Times + told.Times });
            }
            else
            {
                places[key] = gathered.Count;
                gathered.Add((key, told));
            }
        }

        var entries = gathered.ConvertAll(pair => repeating.Find(pair.Key) is { } earlier ? Again(earlier, pair.Told) : New(pair.Told) with { Model = null });
        var results = await committer.SendManyAsync(Journals.Events, [.. entries]);
        List<Told> expired = [];
        for (var place = 0; place < results.Length; place++)
        {
            var (key, told) = gathered[place];
            if (results[place].Committed is { } committed)
            {
                repeating.Keep(key, committed);
                continue;
            }

            if (repeating.Find(key) is not null)
            {
                expired.Add(told);
            }

            repeating.Forget(key);
        }

        return expired;
    }

    private CommitEntry New(Told told)
    {
        // Upstream names an Event by the nanoseconds of its time; two of one object and moment must differ.
        lastSuffix = Math.Max(lastSuffix + 1, (told.At - DateTime.UnixEpoch).Ticks * 100);
        var item = EventObjects.New(told.Event, told.Reference(), EventObjects.Suffix(lastSuffix), told.At) with { Count = told.Times };
        var uid = identities.NewUid();
        item = item with { Metadata = item.Metadata with { Uid = uid, CreationTimestamp = item.LastTimestamp } };
        return committer.NewEntry(ResourceKinds.Events.Key(item.Metadata.NamespaceProperty, item.Metadata.Name), item, uid);
    }

    private CommitEntry Again(StoredObject earlier, Told told)
    {
        var (model, _) = ObjectCommitter.Encode(EventObjects.Again(earlier.As<Corev1Event>(), told.At, told.Times));
        return committer.NewEntry(earlier.Key, model, earlier.Uid) with { ExpectedRevision = earlier.ResourceVersion };
    }

    private readonly record struct Told(ObjectEvent Event, ObjectKey Key, string Uid, long ResourceVersion, string? FieldPath, DateTime At, int Times = 1)
    {
        public V1ObjectReference Reference()
        {
            var kind = ResourceKinds.Of(Key);
            return new V1ObjectReference
            {
                ApiVersion = kind.ApiVersion,
                Kind = kind.Kind,
                NamespaceProperty = Key.Namespace.Length == 0 ? null : Key.Namespace,
                Name = Key.Name,
                Uid = Uid,
                ResourceVersion = ResourceVersion.ToString(CultureInfo.InvariantCulture),
                FieldPath = FieldPath,
            };
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} events could not be written")]
    private partial void LogLost(Exception failure, int count);
}
