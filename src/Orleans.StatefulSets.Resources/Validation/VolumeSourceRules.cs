using System.Text.Json;
using k8s.Models;
using Orleans.StatefulSets.Resources.Objects;

namespace Orleans.StatefulSets.Resources.Validation;

/// <summary>ValidateVolumes (pkg/apis/core/validation/validation.go).</summary>
internal static class VolumeSourceRules
{
    private static readonly string[] HostPathTypes =
        ["", "BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket"];

    private const string ModeRange = "must be a number between 0 and 0777 (octal), both inclusive";

    /// <summary>Checks a pod's volumes and hands back the names that mounts may use.</summary>
    public static HashSet<string> Check(IList<V1Volume>? volumes, string path, FieldErrors errors)
    {
        var names = new HashSet<string>();
        for (var index = 0; index < volumes?.Count; index++)
        {
            var volume = volumes[index];
            var at = $"{path}[{index}]";
            if (string.IsNullOrEmpty(volume.Name))
            {
                errors.Required($"{at}.name");
            }
            else
            {
                foreach (var problem in NameRules.Label(volume.Name))
                {
                    errors.Invalid($"{at}.name", volume.Name, problem);
                }

                if (!names.Add(volume.Name))
                {
                    errors.Duplicate($"{at}.name", volume.Name);
                }
            }

            CheckSource(volume, at, errors);
        }

        return names;
    }

    private static void CheckSource(V1Volume volume, string path, FieldErrors errors)
    {
        if (HasSeveralSources(volume))
        {
            errors.Forbidden(path, "may not specify more than 1 volume type");
        }

        CheckNamed(volume.PersistentVolumeClaim is { ClaimName: null or "" }, $"{path}.persistentVolumeClaim.claimName", errors);
        CheckNamed(volume.ConfigMap is { Name: null or "" }, $"{path}.configMap.name", errors);
        CheckNamed(volume.Secret is { SecretName: null or "" }, $"{path}.secret.secretName", errors);
        CheckNamed(volume.HostPath is { Path: null or "" }, $"{path}.hostPath.path", errors);
        CheckNamed(volume.Nfs is { Server: null or "" }, $"{path}.nfs.server", errors);
        CheckNamed(volume.Nfs is { Path: null or "" }, $"{path}.nfs.path", errors);
        CheckMode(volume.ConfigMap?.DefaultMode, $"{path}.configMap.defaultMode", errors);
        CheckMode(volume.Secret?.DefaultMode, $"{path}.secret.defaultMode", errors);
        CheckMode(volume.Projected?.DefaultMode, $"{path}.projected.defaultMode", errors);
        CheckMode(volume.DownwardAPI?.DefaultMode, $"{path}.downwardAPI.defaultMode", errors);
        CheckItems(volume.ConfigMap?.Items, $"{path}.configMap.items", errors);
        CheckItems(volume.Secret?.Items, $"{path}.secret.items", errors);
        if (volume.EmptyDir?.SizeLimit is { } limit && limit.ToDecimal() < 0)
        {
            errors.Forbidden($"{path}.emptyDir.sizeLimit", "SizeLimit field must be a valid resource quantity");
        }

        if (volume.HostPath?.Path is { } hostPath && hostPath.Split('/').Contains(".."))
        {
            errors.Invalid($"{path}.hostPath.path", hostPath, "must not contain '..'");
        }

        if (volume.HostPath?.Type is { } type)
        {
            errors.OneOf($"{path}.hostPath.type", type, HostPathTypes);
        }
    }

    private static void CheckNamed(bool isMissing, string path, FieldErrors errors)
    {
        if (isMissing)
        {
            errors.Required(path);
        }
    }

    private static void CheckMode(int? mode, string path, FieldErrors errors)
    {
        if (mode is < 0 or > 511)
        {
            errors.Invalid(path, mode, ModeRange);
        }
    }

    private static void CheckItems(IList<V1KeyToPath>? items, string path, FieldErrors errors)
    {
        for (var index = 0; index < items?.Count; index++)
        {
            var item = items[index];
            CheckNamed(string.IsNullOrEmpty(item.Key), $"{path}[{index}].key", errors);
            CheckNamed(string.IsNullOrEmpty(item.Path), $"{path}[{index}].path", errors);
            CheckMode(item.Mode, $"{path}[{index}].mode", errors);
        }
    }

    // The common kinds are told apart without looking at all thirty.
    private static bool HasSeveralSources(V1Volume volume)
    {
        var common = Count(volume.PersistentVolumeClaim) + Count(volume.ConfigMap) + Count(volume.Secret) + Count(volume.Projected)
            + Count(volume.EmptyDir) + Count(volume.HostPath) + Count(volume.DownwardAPI);
        if (common > 1)
        {
            return true;
        }

        var isOnlyCommon = volume with
        {
            Name = null,
            PersistentVolumeClaim = null,
            ConfigMap = null,
            Secret = null,
            Projected = null,
            EmptyDir = null,
            HostPath = null,
            DownwardAPI = null,
        } == Sourceless;
        if (isOnlyCommon)
        {
            return false;
        }

        using var json = JsonDocument.Parse(ObjectJson.Encode(volume));
        return json.RootElement.EnumerateObject().Count(member => member.Name != "name") > 1;
    }

    private static readonly V1Volume Sourceless = new();

    private static int Count(object? source) => source is null ? 0 : 1;
}
