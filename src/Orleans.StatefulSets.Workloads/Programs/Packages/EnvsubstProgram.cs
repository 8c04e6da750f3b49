using System.Text.RegularExpressions;
using Orleans.StatefulSets.Workloads.Processes;
using Orleans.StatefulSets.Workloads.Text;

namespace Orleans.StatefulSets.Workloads.Programs.Packages;

/// <summary>envsubst: puts the environment into its input, all of it or the variables that its argument names.</summary>
internal sealed partial class EnvsubstProgram : IProgram
{
    public IReadOnlyList<string> Names { get; } = ["envsubst"];

    public async ValueTask<int> RunAsync(Process process)
    {
        var names = process.Arguments.Count > 1 ? Variable().Matches(process.Arguments[1]).Select(NameOf).ToHashSet(StringComparer.Ordinal) : null;
        var input = new MemoryStream();
        var buffer = new byte[16_384];
        int count;
        while (process.Input is { } file && (count = await file.ReadAsync(buffer, process.Killed)) > 0)
        {
            await process.StepAsync();
            input.Write(buffer, 0, count);
            if (input.Length > process.Container.Limits.ProcessBytes)
            {
                throw new Files.FileException(Files.Errno.ENOMEM);
            }
        }

        var text = ByteText.FromBytes(input.GetBuffer().AsSpan(0, (int)input.Length));
        await process.PrintAsync(Variable().Replace(text, match => names?.Contains(NameOf(match)) == false ? match.Value : process.Environment.GetValueOrDefault(NameOf(match), "")));
        return 0;
    }

    private static string NameOf(Match match) => match.Groups[1].Success ? match.Groups[1].Value : match.Groups[2].Value;

    [GeneratedRegex(@"\$(?:\{([A-Za-z_][A-Za-z0-9_]*)\}|([A-Za-z_][A-Za-z0-9_]*))", RegexOptions.NonBacktracking)]
    private static partial Regex Variable();
}
