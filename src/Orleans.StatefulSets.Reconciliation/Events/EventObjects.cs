using System.Globalization;
using k8s.Models;

namespace Orleans.StatefulSets.Reconciliation.Events;

/// <summary>The stored Events of what controllers tell, as client-go's recorder and correlator make them (<c>tools/record</c>).</summary>
public static class EventObjects
{
    /// <summary>A new Event, named <c>object.suffix</c>, in the object's namespace (<c>default</c> for a cluster-scoped one).</summary>
    /// <param name="told">What is told.</param>
    /// <param name="involved">apiVersion, kind, namespace, name, uid and resourceVersion of the object.</param>
    /// <param name="nameSuffix">Makes the name unique; hexadecimal digits, as upstream's nanoseconds.</param>
    /// <param name="now">The simulated time; it is stored in whole seconds.</param>
    public static Corev1Event New(ObjectEvent told, V1ObjectReference involved, string nameSuffix, DateTime now)
    {
        var time = new DateTime(now.Ticks - (now.Ticks % TimeSpan.TicksPerSecond), DateTimeKind.Utc);
        var space = string.IsNullOrEmpty(involved.NamespaceProperty) ? "default" : involved.NamespaceProperty;
        return new Corev1Event
        {
            ApiVersion = "v1",
            Kind = "Event",
            Metadata = new V1ObjectMeta { Name = $"{involved.Name}.{nameSuffix}", NamespaceProperty = space },
            InvolvedObject = told.FieldPath is null ? involved : involved with { FieldPath = told.FieldPath },
            Reason = told.Reason,
            Message = told.Message,
            Source = new V1EventSource { Component = told.Component, Host = told.Host },
            FirstTimestamp = time,
            LastTimestamp = time,
            Count = 1,
            Type = told.Type,
            ReportingComponent = told.Component,
            ReportingInstance = told.Host ?? "",
        };
    }

    /// <summary>The same thing told again, once or more often, and later.</summary>
    public static Corev1Event Again(Corev1Event earlier, DateTime now, int times = 1) => earlier with
    {
        Count = (earlier.Count ?? 0) + times,
        LastTimestamp = new DateTime(now.Ticks - (now.Ticks % TimeSpan.TicksPerSecond), DateTimeKind.Utc),
    };

    /// <summary>
    /// Two tellings with one key are one Event that counts (the correlator's <c>getEventKey</c>: source, the object with its
    /// apiVersion but whatever its resourceVersion, type, reason, message).
    /// </summary>
    public static string Key(ObjectEvent told, V1ObjectReference involved) => string.Join(
        '\n', told.Component, told.Host, involved.Kind, involved.NamespaceProperty, involved.Name, told.FieldPath ?? involved.FieldPath, involved.Uid,
        involved.ApiVersion, told.Type, told.Reason, told.Message);

    /// <summary>The name suffix that upstream takes from the clock, as it prints it: hexadecimal.</summary>
    public static string Suffix(long number) => number.ToString("x", CultureInfo.InvariantCulture);
}
