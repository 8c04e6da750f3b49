namespace Orleans.StatefulSets.Storage.Tests.Journals;

public sealed class JournalBatchTests
{
    private static readonly JournalRecord[] Batch = [Records.Put(4, "a"), Records.Delete(5, "b"), Records.Put(7, "c")];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(10)]
    public async Task A_batch_is_stored_when_the_log_goes_on_with_it(int portion) => Assert.True(await IsStoredAsync(Batch, portion));

    [Fact]
    public async Task A_batch_is_not_stored_where_anything_is_another()
    {
        Assert.False(await IsStoredAsync([], 2));
        Assert.False(await IsStoredAsync(Batch[..2], 2));
        Assert.False(await IsStoredAsync([.. Batch, Records.Put(8, "d")], 2));
        Assert.False(await IsStoredAsync([Batch[0], Batch[1], Batch[2] with { CommitId = Guid.Empty }], 2));
        Assert.False(await IsStoredAsync([Batch[0], Batch[1], Batch[2] with { Payload = new byte[10] }], 2));
        Assert.False(await IsStoredAsync([Batch[0], Batch[1] with { Deleted = false }, Batch[2]], 2));
        Assert.False(await IsStoredAsync([Batch[0] with { Uid = "another" }, Batch[1], Batch[2]], 2));
        Assert.False(await JournalBatch.IsStoredAsync(Batch, 3, _ => Task.FromResult<IReadOnlyList<JournalRecord>?>(null)));
    }

    private static Task<bool> IsStoredAsync(JournalRecord[] log, int portion) => JournalBatch.IsStoredAsync(
        Batch,
        3,
        after => Task.FromResult<IReadOnlyList<JournalRecord>?>([.. log.Where(record => record.Revision > after).Take(portion)]));
}
