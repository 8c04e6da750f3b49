namespace Orleans.StatefulSets.Storage.Tests.Files;

public sealed class MemoryFileStoreTests : FileStoreContract
{
    private MemoryFileState? state;

    protected override IFileStore OpenStore(long maxBytes) => new MemoryFileStore(state ??= new MemoryFileState(maxBytes));
}
