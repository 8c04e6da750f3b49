using Orleans.StatefulSets.Resources.Errors;
using Orleans.StatefulSets.Storage;

namespace Orleans.StatefulSets.Grains.Cluster;

/// <summary>What a client is told when not its request was wrong, but the cluster could not carry it out or lost the answer.</summary>
internal static class ClusterFailures
{
    /// <summary>The refusal of a failure; null for what is none of the cluster's.</summary>
    public static ApiException? RefusalOf(Exception failure) => failure switch
    {
        JournalStorageException => ApiErrors.ServiceUnavailable(failure.Message),
        TimeoutException => ApiErrors.Timeout("the cluster did not answer in time; whether the request was carried out is not known"),
        OrleansException => ApiErrors.ServiceUnavailable("the silo that was to answer is lost; whether the request was carried out is not known"),
        _ => null,
    };
}
