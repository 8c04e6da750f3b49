using System.IO.Pipelines;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Orleans.StatefulSets.Api.Hosting;
using Orleans.StatefulSets.Api.InFlight;
using Orleans.StatefulSets.Api.Requests;
using Orleans.StatefulSets.Api.Responses;
using Orleans.StatefulSets.Api.Tests.Cluster;
using Orleans.StatefulSets.Api.Watches;
using Orleans.StatefulSets.Grains.Nodes;
using Orleans.StatefulSets.Grains.Replicas;
using Orleans.StatefulSets.Resources.Kinds;
using Orleans.StatefulSets.Resources.Objects;

namespace Orleans.StatefulSets.Api.Tests;

/// <summary>What a watch says of changes that come at unhappy moments.</summary>
public sealed class WatchStreamTests
{
    private static readonly ObjectKey Key = ResourceKinds.ConfigMaps.Key("default", "a");

    [Fact]
    public void A_deletion_shows_the_last_stored_state_at_the_version_of_the_deletion()
    {
        var stored = Revision(7, """{"metadata":{"finalizers":["example.com/stay"]}}""");
        var withoutFinalizer = Revision(9, """{"metadata":{}}""");

        var shown = SelectedChange.Of(new ObjectChange(ChangeType.Deleted, withoutFinalizer, stored), Selection.Read(new ResourcePath { Kind = ResourceKinds.ConfigMaps }, Query([])));

        Assert.Equal(("DELETED", 9), (shown!.Value.Type, shown.Value.Object.ResourceVersion));
        Assert.Contains("example.com/stay", Encoding.UTF8.GetString(shown.Value.Object.ToArray()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bookmark_never_lies_before_an_event_that_was_sent()
    {
        using var ending = new CancellationTokenSource();
        var output = new Pipe();
        using var watch = new LateWatch(progress: 5, new ObjectChange(ChangeType.Added, Revision(8, """{"metadata":{}}"""), null), ending);
        var stream = new WatchStream(watch, after: 1, Selection.Read(new ResourcePath { Kind = ResourceKinds.ConfigMaps }, Query([])), new WatchFrames(Context(), () => throw new InvalidOperationException(), new Heartbeats(new MemoryReplica(), new FixedClock())), output.Writer, new ApiOptions());

        await stream.RunAsync(bookmarks: true, TimeProvider.System, ending.Token, CancellationToken.None);

        await output.Writer.CompleteAsync();
        using var lines = new StreamReader(output.Reader.AsStream());
        var events = (await lines.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Collection(
            events,
            added => Assert.Contains("\"resourceVersion\":\"8\"", added, StringComparison.Ordinal),
            bookmark => Assert.Contains("\"BOOKMARK\",\"object\":{\"kind\":\"ConfigMap\",\"apiVersion\":\"v1\",\"metadata\":{\"resourceVersion\":\"8\"", bookmark, StringComparison.Ordinal));
    }

    private static StoredObject Revision(long version, string payload) => new(Key, "u", version, Encoding.UTF8.GetBytes(payload));

    private static ApiQuery Query(Dictionary<string, StringValues> values) => new(new QueryCollection(values));

    private static ApiContext Context() => new()
    {
        Http = new DefaultHttpContext(),
        Path = new ResourcePath { Kind = ResourceKinds.ConfigMaps },
        Query = Query([]),
        Format = ResponseFormat.Json,
        Seat = Seat.Free,
        Cancellation = CancellationToken.None,
    };

    /// <summary>A change that is put in just after the progress was noted; then the watch's time is over.</summary>
    private sealed class LateWatch(long progress, ObjectChange change, CancellationTokenSource ending) : IReplicaWatch
    {
        private int read;

        public long Progress => progress;

        public ValueTask<bool> WaitToReadAsync(CancellationToken cancellation)
        {
            ending.Cancel();
            return ValueTask.FromCanceled<bool>(cancellation);
        }

        public bool TryRead(out ObjectChange next)
        {
            next = change;
            return read++ == 0;
        }

        public void Dispose()
        {
        }
    }
}
