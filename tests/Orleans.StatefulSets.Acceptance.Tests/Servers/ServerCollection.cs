namespace Orleans.StatefulSets.Acceptance.Tests.Servers;

/// <summary>Every test that starts a server or drives one stands in this collection: one after another, since a server and a kubectl fill two cores.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ServerCollection : ICollectionFixture<SharedServer>, ICollectionFixture<ForgetfulServer>
{
    public const string Name = "server processes";
}
