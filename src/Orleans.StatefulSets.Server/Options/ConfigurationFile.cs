using System.Text.Json;

namespace Orleans.StatefulSets.Server.Options;

/// <summary>The file that <c>--config</c> names: one JSON object of option names and values.</summary>
internal static class ConfigurationFile
{
    /// <exception cref="OptionException">There is no such file, it is no JSON object of that shape, or it names an unknown option.</exception>
    public static IReadOnlyDictionary<string, string> Read(string path)
    {
        var values = Load(path).AsEnumerable().Where(pair => pair.Value is not null).ToDictionary(pair => pair.Key, pair => pair.Value!, StringComparer.Ordinal);
        var unknown = values.Keys.FirstOrDefault(key => key == Settings.ConfigName || Settings.All.All(setting => setting.Name != key));
        return unknown is null ? values : throw new OptionException($"'{path}' names an unknown option '{unknown}'");
    }

    private static IConfigurationRoot Load(string path)
    {
        try
        {
            // Not AddJsonFile: its file provider does not see files whose names begin with a dot.
            using var file = File.OpenRead(path);
            return new ConfigurationBuilder().AddJsonStream(file).Build();
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new OptionException($"there is no file '{path}'");
        }
        catch (Exception error) when (error is JsonException or FormatException)
        {
            throw new OptionException($"'{path}' is not a JSON object of options");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new OptionException($"'{path}' cannot be read");
        }
    }
}
