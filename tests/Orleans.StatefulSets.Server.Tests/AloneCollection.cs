namespace Orleans.StatefulSets.Server.Tests;

/// <summary>Tests that fill the machine stand in this collection: one after another, and beside no others.</summary>
[CollectionDefinition("alone", DisableParallelization = true)]
public sealed class AloneCollection;
