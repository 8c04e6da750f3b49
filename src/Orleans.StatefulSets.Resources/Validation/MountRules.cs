using k8s.Models;

namespace Orleans.StatefulSets.Resources.Validation;

/// <summary>ValidateVolumeMounts and ValidateVolumeDevices (pkg/apis/core/validation/validation.go).</summary>
internal static class MountRules
{
    public static void Check(V1Container container, HashSet<string> volumes, string path, FieldErrors errors)
    {
        HashSet<string>? taken = null;
        for (var index = 0; index < container.VolumeMounts?.Count; index++)
        {
            var mount = container.VolumeMounts[index];
            var at = $"{path}.volumeMounts[{index}]";
            CheckName(mount.Name, volumes, at, errors);
            if (string.IsNullOrEmpty(mount.MountPath))
            {
                errors.Required($"{at}.mountPath");
            }

            if (!(taken ??= []).Add(mount.MountPath ?? ""))
            {
                errors.Invalid($"{at}.mountPath", mount.MountPath, "must be unique");
            }

            CheckSubPath(mount.SubPath, $"{at}.subPath", errors);
            CheckSubPath(mount.SubPathExpr, $"{at}.subPathExpr", errors);
            if (!string.IsNullOrEmpty(mount.SubPath) && !string.IsNullOrEmpty(mount.SubPathExpr))
            {
                errors.Invalid($"{at}.subPathExpr", mount.SubPathExpr, "subPathExpr and subPath are mutually exclusive");
            }
        }

        for (var index = 0; index < container.VolumeDevices?.Count; index++)
        {
            var device = container.VolumeDevices[index];
            CheckName(device.Name, volumes, $"{path}.volumeDevices[{index}]", errors);
            if (string.IsNullOrEmpty(device.DevicePath))
            {
                errors.Required($"{path}.volumeDevices[{index}].devicePath");
            }
        }
    }

    private static void CheckName(string? name, HashSet<string> volumes, string path, FieldErrors errors)
    {
        if (string.IsNullOrEmpty(name))
        {
            errors.Required($"{path}.name");
        }
        else if (!volumes.Contains(name))
        {
            errors.NotFound($"{path}.name", name);
        }
    }

    private static void CheckSubPath(string? subPath, string path, FieldErrors errors)
    {
        if (string.IsNullOrEmpty(subPath))
        {
            return;
        }

        if (subPath[0] == '/')
        {
            errors.Invalid(path, subPath, "must be a relative path");
        }

        if (subPath.Split('/').Contains(".."))
        {
            errors.Invalid(path, subPath, "must not contain '..'");
        }
    }
}
