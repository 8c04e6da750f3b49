namespace Orleans.StatefulSets.Server.Transfer;

/// <summary>A cluster can't be exported or imported. The message is one line that a person can act upon.</summary>
public sealed class TransferException(string message, Exception? cause = null) : Exception(message, cause);
