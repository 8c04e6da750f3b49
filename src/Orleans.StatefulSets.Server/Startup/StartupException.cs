namespace Orleans.StatefulSets.Server.Startup;

/// <summary>The server cannot start. The message is one line that a person can act upon.</summary>
public sealed class StartupException(string message, Exception? cause = null) : Exception(message, cause);
