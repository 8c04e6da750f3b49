namespace Orleans.StatefulSets.Acceptance.Tests.Servers;

/// <summary>Tests of a server's start and end: one after another, and beside no others, since they count on the cores.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ServerCollection : ICollectionFixture<SharedServer>
{
    public const string Name = "server processes";
}

/// <summary>The tutorial as it is read the first time, and what it says of identity and storage: on a server of its own, one after another.</summary>
[CollectionDefinition(Name)]
public sealed class TutorialCollection : ICollectionFixture<SharedServer>
{
    public const string Name = "tutorial";
}

/// <summary>What the tutorial says of updates and deletion: on a server of its own, beside the rest of it, since both mostly wait.</summary>
[CollectionDefinition(Name)]
public sealed class UpdatesCollection : ICollectionFixture<SharedServer>
{
    public const string Name = "tutorial, updates";
}

/// <summary>Scenarios of client libraries: on servers of their own, one after another.</summary>
[CollectionDefinition(Name)]
public sealed class ClientsCollection : ICollectionFixture<SharedServer>, ICollectionFixture<ForgetfulServer>
{
    public const string Name = "clients";
}

/// <summary>Clusters of several processes: one after another, beside tests that mostly wait.</summary>
[CollectionDefinition(Name)]
public sealed class SilosCollection
{
    public const string Name = "clusters of silos";
}
