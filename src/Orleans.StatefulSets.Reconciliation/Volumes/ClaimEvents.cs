using k8s.Models;
using Orleans.StatefulSets.Reconciliation.Events;

namespace Orleans.StatefulSets.Reconciliation.Volumes;

/// <summary>What is told about claims (<c>pkg/controller/volume/persistentvolume</c>, and a provisioner's own two).</summary>
public static class ClaimEvents
{
    public const string Component = "persistentvolume-controller";

    internal static ObjectEvent WaitForFirstConsumer { get; } =
        ObjectEvent.Normal(Component, "WaitForFirstConsumer", "waiting for first consumer to be created before binding");

    internal static ObjectEvent NoVolume { get; } = ObjectEvent.Normal(
        Component, "FailedBinding", "no persistent volumes available for this claim and no storage class is set");

    internal static ObjectEvent LostReference { get; } = ObjectEvent.Warning(
        Component, "ClaimLost", "Bound claim has lost reference to PersistentVolume. Data on the volume is lost!");

    internal static ObjectEvent LostVolume { get; } =
        ObjectEvent.Warning(Component, "ClaimLost", "Bound claim has lost its PersistentVolume. Data on the volume is lost!");

    internal static ObjectEvent Misbound { get; } = ObjectEvent.Warning(
        Component, "ClaimMisbound", "Two claims are bound to the same volume, this one is bound incorrectly");

    internal static ObjectEvent WaitForPod(string pod) =>
        ObjectEvent.Normal(Component, "WaitForPodScheduled", $"waiting for pod {pod} to be scheduled");

    internal static ObjectEvent NoClass(string name) =>
        ObjectEvent.Warning(Component, "ProvisioningFailed", $"storageclass.storage.k8s.io \"{name}\" not found");

    internal static ObjectEvent NoPlugin(string provisioner) =>
        ObjectEvent.Warning(Component, "ProvisioningFailed", $"no volume plugin matched name: {provisioner}");

    internal static ObjectEvent Mismatch(string volume, string why) =>
        ObjectEvent.Warning(Component, "VolumeMismatch", $"Cannot bind to requested volume \"{volume}\": {why}");

    internal static ObjectEvent BoundToAnother(string volume) =>
        ObjectEvent.Warning(Component, "FailedBinding", $"volume \"{volume}\" already bound to a different claim.");

    internal static ObjectEvent ExternalProvisioning(string provisioner) => ObjectEvent.Normal(
        Component,
        "ExternalProvisioning",
        $"Waiting for a volume to be created either by the external provisioner '{provisioner}' or manually by the system administrator. "
        + "If volume creation is delayed, please verify that the provisioner is running and correctly registered.");

    internal static ObjectEvent Provisioning(string provisioner, V1PersistentVolumeClaim claim) => ObjectEvent.Normal(
        provisioner,
        "Provisioning",
        $"External provisioner is provisioning volume for claim \"{claim.Metadata.NamespaceProperty}/{claim.Metadata.Name}\"");

    internal static ObjectEvent ProvisioningFailed(string provisioner, string storageClass, string why) => ObjectEvent.Warning(
        provisioner, "ProvisioningFailed", $"failed to provision volume with StorageClass \"{storageClass}\": {why}");

    internal static ObjectEvent Provisioned(string provisioner, string volume) =>
        ObjectEvent.Normal(provisioner, "ProvisioningSucceeded", $"Successfully provisioned volume {volume}");
}
