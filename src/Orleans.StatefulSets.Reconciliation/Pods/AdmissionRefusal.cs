namespace Orleans.StatefulSets.Reconciliation.Pods;

/// <summary>Why a kubelet won't run a pod that is bound to its node.</summary>
/// <param name="Reason">The pod's <c>status.reason</c>, <c>NodePorts</c> or <c>OutOfpods</c>.</param>
/// <param name="Message">The pod's <c>status.message</c>, whole.</param>
/// <param name="EventMessage">The text of the Warning that says so.</param>
public sealed record AdmissionRefusal(string Reason, string Message, string EventMessage);
