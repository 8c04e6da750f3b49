namespace Orleans.StatefulSets.Reconciliation.Events;

/// <summary>Something that a controller says about an object; <see cref="EventObjects"/> makes the stored Event of it.</summary>
/// <param name="Type"><c>Normal</c> or <c>Warning</c>.</param>
/// <param name="Reason">One word in CamelCase, <c>Scheduled</c>.</param>
/// <param name="Message">The sentence that <c>kubectl describe</c> prints.</param>
/// <param name="Component">Who says it, <c>kubelet</c>: <c>source.component</c> and <c>reportingComponent</c>.</param>
/// <param name="Host">The node on which it says it, where it is bound to one.</param>
/// <param name="FieldPath">The part of the object that it is about, <c>spec.containers{nginx}</c>; null for the whole.</param>
public sealed record ObjectEvent(string Type, string Reason, string Message, string Component, string? Host = null, string? FieldPath = null)
{
    public const string NormalType = "Normal";
    public const string WarningType = "Warning";

    public static ObjectEvent Normal(string component, string reason, string message, string? host = null) =>
        new(NormalType, reason, message, component, host);

    public static ObjectEvent Warning(string component, string reason, string message, string? host = null) =>
        new(WarningType, reason, message, component, host);
}
