using Orleans.StatefulSets.Grains.Events;
using Orleans.StatefulSets.Grains.Faults;
using Orleans.StatefulSets.Grains.Replicas;
using Orleans.StatefulSets.Grains.Time;
using Orleans.StatefulSets.Resources.Objects;
using Orleans.StatefulSets.Resources.Writing;

namespace Orleans.StatefulSets.Grains.Objects;

/// <summary>What every object's grain works with.</summary>
/// <param name="Committer">Carries decisions out.</param>
/// <param name="Writer">Decides what clients ask.</param>
/// <param name="Replicas">This silo's copy of the cluster.</param>
/// <param name="Clock">The simulated time.</param>
/// <param name="Wheel">The silo's one timer.</param>
/// <param name="Events">Takes Events.</param>
/// <param name="Identities">Uids and name suffixes.</param>
/// <param name="Observers">Whom a revision concerns.</param>
/// <param name="Vacancies">Where grains that began without an object are looked at again.</param>
/// <param name="Faults">What goes wrong on purpose.</param>
/// <param name="Grains">The way to other grains.</param>
internal sealed record ObjectServices(
    ObjectCommitter Committer,
    ObjectWriter Writer,
    ReplicaSet Replicas,
    ClusterClock Clock,
    TimingWheel Wheel,
    EventRecorder Events,
    IIdentitySource Identities,
    ObjectRoutes Observers,
    Vacancies Vacancies,
    FaultInjections Faults,
    IGrainFactory Grains);
