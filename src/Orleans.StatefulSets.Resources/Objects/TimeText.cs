using System.Globalization;

namespace Orleans.StatefulSets.Resources.Objects;

/// <summary>Times as Kubernetes writes them (RFC 3339, UTC); each form has always the same length.</summary>
public static class TimeText
{
    /// <summary>metav1.Time: whole seconds.</summary>
    public static string Seconds(DateTime time) => time.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>metav1.MicroTime: six digits after the point.</summary>
    public static string Micros(DateTime time) => time.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
}
