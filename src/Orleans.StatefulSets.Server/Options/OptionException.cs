namespace Orleans.StatefulSets.Server.Options;

/// <summary>A value that an option does not take. The message is one line and says which values it does take.</summary>
internal sealed class OptionException(string message) : Exception(message);
