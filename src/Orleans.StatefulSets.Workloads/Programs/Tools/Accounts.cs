using Orleans.StatefulSets.Workloads.Files;
using Orleans.StatefulSets.Workloads.Text;

namespace Orleans.StatefulSets.Workloads.Programs.Tools;

/// <summary>The users and groups of a container, by its own /etc/passwd and /etc/group.</summary>
internal sealed class Accounts
{
    private const int MostBytes = 1 << 20;
    private readonly List<string[]> users;
    private readonly List<string[]> groups;

    private Accounts(List<string[]> users, List<string[]> groups)
    {
        this.users = users;
        this.groups = groups;
    }

    public static async ValueTask<Accounts> ReadAsync(ToolCall call) =>
        new(await LinesAsync(call, "/etc/passwd", 4), await LinesAsync(call, "/etc/group", 3));

    public string? UserName(int uid) => users.Find(line => line[2] == Text(uid))?[0];

    public string? GroupName(int gid) => groups.Find(line => line[2] == Text(gid))?[0];

    public int? Uid(string user) => Number(users.Find(line => line[0] == user)?[2]);

    public int? Gid(string group) => Number(groups.Find(line => line[0] == group)?[2]);

    /// <summary>A user's own group.</summary>
    public int? GroupOf(string user) => Number(users.Find(line => line[0] == user)?[3]);

    /// <summary>The groups that list a user as a member.</summary>
    public IEnumerable<int> GroupsOf(string user) =>
        groups.Where(line => line.Length > 3 && line[3].Split(',').Contains(user)).Select(line => Number(line[2])).OfType<int>();

    /// <summary>A user by name or number.</summary>
    public int? UidOf(string text) => Uid(text) ?? Number(text);

    /// <summary>A group by name or number.</summary>
    public int? GidOf(string text) => Gid(text) ?? Number(text);

    private static string Text(int number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static int? Number(string? text) =>
        int.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number) ? number : null;

    private static async ValueTask<List<string[]>> LinesAsync(ToolCall call, string path, int fields)
    {
        try
        {
            var text = ByteText.FromBytes(await call.Files.ReadAllAsync(call.By, path, MostBytes));
            return [.. text.Split('\n').Select(line => line.Split(':')).Where(line => line.Length >= fields)];
        }
        catch (FileException)
        {
            return [];
        }
    }
}
