using k8s.Models;

namespace Orleans.StatefulSets.Resources.Validation;

/// <summary>validateProbe and validateLifecycle (pkg/apis/core/validation/validation.go).</summary>
internal static class ProbeRules
{
    public static void Check(V1Container container, string path, FieldErrors errors)
    {
        CheckHook(container.Lifecycle?.PostStart, $"{path}.lifecycle.postStart", errors);
        CheckHook(container.Lifecycle?.PreStop, $"{path}.lifecycle.preStop", errors);
        CheckProbe(container.LivenessProbe, $"{path}.livenessProbe", errors);
        CheckProbe(container.ReadinessProbe, $"{path}.readinessProbe", errors);
        CheckProbe(container.StartupProbe, $"{path}.startupProbe", errors);
        CheckSingleSuccess(container.LivenessProbe, $"{path}.livenessProbe", errors);
        CheckSingleSuccess(container.StartupProbe, $"{path}.startupProbe", errors);
        if (container.ReadinessProbe?.TerminationGracePeriodSeconds is { } seconds)
        {
            errors.Invalid($"{path}.readinessProbe.terminationGracePeriodSeconds", seconds, "must not be set for readinessProbes");
        }
    }

    private static void CheckProbe(V1Probe? probe, string path, FieldErrors errors)
    {
        if (probe is null)
        {
            return;
        }

        CheckHandlers([probe.Exec, probe.HttpGet, probe.TcpSocket, probe.Grpc], path, errors);
        CheckExec(probe.Exec, $"{path}.exec", errors);
        CheckHttp(probe.HttpGet, $"{path}.httpGet", errors);
        CheckTcp(probe.TcpSocket, $"{path}.tcpSocket", errors);
        if (probe.Grpc is { } grpc)
        {
            PortRules.CheckNumber(grpc.Port, $"{path}.grpc.port", errors);
        }

        errors.NonNegative($"{path}.initialDelaySeconds", probe.InitialDelaySeconds);
        errors.NonNegative($"{path}.timeoutSeconds", probe.TimeoutSeconds);
        errors.NonNegative($"{path}.periodSeconds", probe.PeriodSeconds);
        errors.NonNegative($"{path}.successThreshold", probe.SuccessThreshold);
        errors.NonNegative($"{path}.failureThreshold", probe.FailureThreshold);
        if (probe.TerminationGracePeriodSeconds <= 0)
        {
            errors.Invalid($"{path}.terminationGracePeriodSeconds", probe.TerminationGracePeriodSeconds, "must be greater than 0");
        }
    }

    private static void CheckSingleSuccess(V1Probe? probe, string path, FieldErrors errors)
    {
        if (probe is { SuccessThreshold: not 1 })
        {
            errors.Invalid($"{path}.successThreshold", probe.SuccessThreshold, "must be 1");
        }
    }

    private static void CheckHook(V1LifecycleHandler? handler, string path, FieldErrors errors)
    {
        if (handler is null)
        {
            return;
        }

        CheckHandlers([handler.Exec, handler.HttpGet, handler.TcpSocket, handler.Sleep], path, errors);
        CheckExec(handler.Exec, $"{path}.exec", errors);
        CheckHttp(handler.HttpGet, $"{path}.httpGet", errors);
        CheckTcp(handler.TcpSocket, $"{path}.tcpSocket", errors);
    }

    private static void CheckHandlers(ReadOnlySpan<object?> handlers, string path, FieldErrors errors)
    {
        var count = 0;
        foreach (var handler in handlers)
        {
            count += handler is null ? 0 : 1;
        }

        if (count == 0)
        {
            errors.Required(path, "must specify a handler type");
        }
        else if (count > 1)
        {
            errors.Forbidden(path, "may not specify more than 1 handler type");
        }
    }

    private static void CheckExec(V1ExecAction? action, string path, FieldErrors errors)
    {
        if (action is not null && action.Command is not { Count: > 0 })
        {
            errors.Required($"{path}.command");
        }
    }

    private static void CheckHttp(V1HTTPGetAction? action, string path, FieldErrors errors)
    {
        if (action is null)
        {
            return;
        }

        if (string.IsNullOrEmpty(action.Path))
        {
            errors.Required($"{path}.path");
        }

        PortRules.CheckNumberOrName(action.Port, $"{path}.port", errors);
        errors.OneOf($"{path}.scheme", action.Scheme, "HTTP", "HTTPS");
    }

    private static void CheckTcp(V1TCPSocketAction? action, string path, FieldErrors errors)
    {
        if (action is not null)
        {
            PortRules.CheckNumberOrName(action.Port, $"{path}.port", errors);
        }
    }
}
