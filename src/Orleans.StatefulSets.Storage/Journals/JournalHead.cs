namespace Orleans.StatefulSets.Storage;

/// <summary>Who leads a journal and how far it has come: the one row that every append is conditional upon.</summary>
/// <param name="Epoch">How often the journal has been taken over; whoever holds an older one is fenced.</param>
/// <param name="Revision">The last revision committed; 0 before the first.</param>
public readonly record struct JournalHead(long Epoch, long Revision);
