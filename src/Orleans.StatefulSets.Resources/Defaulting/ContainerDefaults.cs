using k8s.Models;

namespace Orleans.StatefulSets.Resources.Defaulting;

/// <summary>SetDefaults_Container and what hangs below it (pkg/apis/core/v1/defaults.go).</summary>
internal static class ContainerDefaults
{
    private const string MessagePath = "/dev/termination-log";
    private const string MessagePolicy = "File";

    /// <summary>A container with its defaults; the same instance where nothing was missing.</summary>
    public static V1Container Fill(V1Container container)
    {
        var ports = SharedLists.Each(container.Ports, FillPort);
        var env = SharedLists.Each(container.Env, FillEnv);
        var liveness = ProbeDefaults.Fill(container.LivenessProbe);
        var readiness = ProbeDefaults.Fill(container.ReadinessProbe);
        var startup = ProbeDefaults.Fill(container.StartupProbe);
        var lifecycle = ProbeDefaults.Fill(container.Lifecycle);
        var complete = !string.IsNullOrEmpty(container.ImagePullPolicy)
            && !string.IsNullOrEmpty(container.TerminationMessagePath)
            && !string.IsNullOrEmpty(container.TerminationMessagePolicy)
            && container.Resources is not null
            && ReferenceEquals(ports, container.Ports)
            && ReferenceEquals(env, container.Env)
            && ReferenceEquals(liveness, container.LivenessProbe)
            && ReferenceEquals(readiness, container.ReadinessProbe)
            && ReferenceEquals(startup, container.StartupProbe)
            && ReferenceEquals(lifecycle, container.Lifecycle);
        return complete ? container : container with
        {
            ImagePullPolicy = Or(container.ImagePullPolicy, PullPolicy(container.Image)),
            TerminationMessagePath = Or(container.TerminationMessagePath, MessagePath),
            TerminationMessagePolicy = Or(container.TerminationMessagePolicy, MessagePolicy),
            Resources = container.Resources ?? new V1ResourceRequirements(),
            Ports = ports,
            Env = env,
            LivenessProbe = liveness,
            ReadinessProbe = readiness,
            StartupProbe = startup,
            Lifecycle = lifecycle,
        };
    }

    /// <summary>An ephemeral container with its defaults; the same instance where nothing was missing.</summary>
    public static V1EphemeralContainer Fill(V1EphemeralContainer container)
    {
        var env = SharedLists.Each(container.Env, FillEnv);
        var complete = !string.IsNullOrEmpty(container.ImagePullPolicy)
            && !string.IsNullOrEmpty(container.TerminationMessagePath)
            && !string.IsNullOrEmpty(container.TerminationMessagePolicy)
            && container.Resources is not null
            && ReferenceEquals(env, container.Env);
        return complete ? container : container with
        {
            ImagePullPolicy = Or(container.ImagePullPolicy, PullPolicy(container.Image)),
            TerminationMessagePath = Or(container.TerminationMessagePath, MessagePath),
            TerminationMessagePolicy = Or(container.TerminationMessagePolicy, MessagePolicy),
            Resources = container.Resources ?? new V1ResourceRequirements(),
            Env = env,
        };
    }

    /// <summary>
    /// Of a pod, not of a template: requests that are left out are the limits.
    /// </summary>
    public static V1Container RequestLimits(V1Container container)
    {
        if (container.Resources?.Limits is not { Count: > 0 } limits)
        {
            return container;
        }

        var requests = container.Resources.Requests;
        if (requests is not null && limits.Keys.All(requests.ContainsKey))
        {
            return container;
        }

        var merged = requests is null ? new Dictionary<string, ResourceQuantity>() : new Dictionary<string, ResourceQuantity>(requests);
        foreach (var (name, quantity) in limits)
        {
            merged.TryAdd(name, quantity);
        }

        return container with { Resources = container.Resources with { Requests = merged } };
    }

    /// <summary>Of a pod on the host's network: every port is a host port.</summary>
    public static V1Container ShareHostPorts(V1Container container)
    {
        var ports = SharedLists.Each(container.Ports, static port =>
            port.HostPort is null or 0 ? port with { HostPort = port.ContainerPort } : port);
        return ReferenceEquals(ports, container.Ports) ? container : container with { Ports = ports };
    }

    /// <summary>Always for the tag latest, said or implied; IfNotPresent for any other tag and for a digest.</summary>
    public static string PullPolicy(string? image) => IsLatest(image) ? "Always" : "IfNotPresent";

    private static bool IsLatest(string? image)
    {
        if (string.IsNullOrEmpty(image))
        {
            return false;
        }

        var at = image.IndexOf('@');
        var name = at < 0 ? image.AsSpan() : image.AsSpan(0, at);
        var colon = name.LastIndexOf(':');
        var hasTag = colon > name.LastIndexOf('/');
        return hasTag ? name[(colon + 1)..].SequenceEqual("latest") : at < 0;
    }

    private static V1ContainerPort FillPort(V1ContainerPort port) =>
        string.IsNullOrEmpty(port.Protocol) ? port with { Protocol = "TCP" } : port;

    private static V1EnvVar FillEnv(V1EnvVar variable)
    {
        if (variable.ValueFrom is not { } source)
        {
            return variable;
        }

        var field = FieldReference(source.FieldRef);
        var resource = ResourceReference(source.ResourceFieldRef);
        return ReferenceEquals(field, source.FieldRef) && ReferenceEquals(resource, source.ResourceFieldRef)
            ? variable
            : variable with { ValueFrom = source with { FieldRef = field, ResourceFieldRef = resource } };
    }

    /// <summary>A field reference with the version that its path is of.</summary>
    public static V1ObjectFieldSelector? FieldReference(V1ObjectFieldSelector? field) =>
        field is not null && string.IsNullOrEmpty(field.ApiVersion) ? field with { ApiVersion = "v1" } : field;

    /// <summary>A resource reference with the divisor that Go writes for the zero quantity.</summary>
    public static V1ResourceFieldSelector? ResourceReference(V1ResourceFieldSelector? resource) =>
        resource is not null && resource.Divisor is null ? resource with { Divisor = new ResourceQuantity("0") } : resource;

    private static string Or(string? given, string otherwise) => string.IsNullOrEmpty(given) ? otherwise : given;
}
