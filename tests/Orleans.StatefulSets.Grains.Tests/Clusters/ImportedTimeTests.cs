using System.Text;
using Orleans.StatefulSets.Grains.Cluster;
using Orleans.StatefulSets.Grains.Journal;
using Orleans.StatefulSets.Grains.Replicas;
using Orleans.StatefulSets.Grains.Tests.Objects;
using Orleans.StatefulSets.Resources.Kinds;

namespace Orleans.StatefulSets.Grains.Tests.Clusters;

public sealed class ImportedTimeTests : IAsyncLifetime
{
    private static readonly DateTime Future = new(2226, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private TestCluster cluster = null!;

    public async Task InitializeAsync() => cluster = await TestCluster.StartAsync(1);

    public async Task DisposeAsync() => await cluster.DisposeAsync();

    [Fact]
    public async Task Where_all_is_older_the_moment_stays() => Assert.Equal(Future, await BeginAsync(Future));

    [Theory]
    [InlineData("""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"late","namespace":"default","creationTimestamp":"2226-01-02T00:00:00Z"}}""")]
    [InlineData("""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"late","namespace":"default","creationTimestamp":"2225-01-01T00:00:00Z","managedFields":[{"manager":"x","operation":"Update","time":"2226-01-02T00:00:00Z"},{"manager":"y","operation":"Update","time":"2225-01-02T00:00:00Z"}]}}""")]
    [InlineData("""{"apiVersion":"v1","kind":"Event","metadata":{"name":"late","namespace":"default","creationTimestamp":"2225-01-01T00:00:00Z"},"lastTimestamp":"2226-01-02T00:00:00Z","involvedObject":{}}""")]
    public async Task What_was_made_or_written_or_told_later_moves_it_there(string json)
    {
        await ImportAsync(json);

        Assert.Equal(Future.AddDays(1), await BeginAsync(Future));
    }

    private async Task ImportAsync(string json)
    {
        var isEvent = json.Contains("\"Event\"", StringComparison.Ordinal);
        var kind = isEvent ? ResourceKinds.Events : ResourceKinds.ConfigMaps;
        var answer = await cluster.Client.GetGrain<IJournalGrain>(isEvent ? Journals.Events : Journals.Objects).Commit(new CommitEntry
        {
            Key = kind.Key("default", "late"),
            ExpectedRevision = 0,
            Deleted = false,
            Uid = "uid-late",
            Payload = Encoding.UTF8.GetBytes(json),
            CommitId = Samples.CommitId(1),
        });
        Assert.NotNull(answer.Committed);
        await cluster.Service<ReplicaSet>(0).For(kind.Resource).WaitForHeadAsync(CancellationToken.None);
    }

    private Task<DateTime> BeginAsync(DateTime moment) => cluster.Service<ImportedTime>(0).NotBeforeAsync(moment, CancellationToken.None);
}
