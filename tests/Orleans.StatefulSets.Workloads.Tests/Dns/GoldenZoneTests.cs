using System.Text;
using Orleans.StatefulSets.Workloads.Dns;
using Orleans.StatefulSets.Workloads.Network;

namespace Orleans.StatefulSets.Workloads.Tests.Dns;

/// <summary>
/// <c>Golden/answers.txt</c>: questions (lines that begin with <c>?</c>) and below each what the zone answers about
/// <c>Golden/cluster.yaml</c>. Run with UPDATE_GOLDEN=1 to answer all of them anew, and read the difference.
/// </summary>
public sealed class GoldenZoneTests
{
    [Fact]
    public void The_zone_answers_as_written()
    {
        var file = Path.Combine(NamedServices.GoldenFolder(), "answers.txt");
        var zone = new ClusterZone(NamedServices.Golden());
        var answers = new StringBuilder();
        foreach (var line in File.ReadLines(file).Where(line => line.StartsWith("? ", StringComparison.Ordinal) || line.StartsWith('#')))
        {
            answers.Append(answers.Length == 0 || line[0] == '?' ? "" : "\n").Append(line).Append('\n');
            if (line[0] == '?')
            {
                var words = line.Split(' ');
                Describe(answers, zone.Answer(new DnsQuestion(words[2], Enum.Parse<DnsType>(words[1]))));
            }
        }

        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(file, answers.ToString());
        }

        Assert.Equal(File.ReadAllText(file), answers.ToString());
    }

    private static void Describe(StringBuilder text, DnsAnswer answer)
    {
        text.Append(answer.Exists ? answer.Records.Count > 0 ? "" : "  NODATA\n" : "  NXDOMAIN\n");
        Describe(text, "  ", answer.Records);
        Describe(text, "  + ", answer.Additional);

        // The zone's SOA stands with every nothing, and nowhere else.
        Assert.Equal(answer is { IsAuthoritative: true, Records.Count: 0 }, answer.Authority is [{ Type: DnsType.SOA, Name: ClusterZone.Domain }]);
    }

    private static void Describe(StringBuilder text, string indent, IReadOnlyList<DnsRecord> records)
    {
        foreach (var record in records)
        {
            text.Append(indent).Append(record.Name).Append(' ').Append(record.TimeToLive).Append(' ').Append(record.Type).Append(' ').Append(record.Data).Append('\n');
        }
    }
}
