using Orleans.StatefulSets.Workloads.Processes;

namespace Orleans.StatefulSets.Workloads.Programs.Shell;

/// <summary>Processes started together.</summary>
/// <param name="number">The job's number, from 1.</param>
/// <param name="members">Its processes in the order of the pipeline, and their ends.</param>
/// <param name="text">The command.</param>
internal sealed class Job(int number, IReadOnlyList<(Process Process, Task<int> End)> members, string text)
{
    public int Number => number;

    public IReadOnlyList<(Process Process, Task<int> End)> Members => members;

    public string Text => text;

    /// <summary>The last process's number: <c>$!</c>.</summary>
    public int Id => Members[^1].Process.Id;

    /// <summary>Whether somebody waited for it; its status is kept until there is a new job.</summary>
    public bool IsWaitedFor { get; set; }

    /// <summary>Whether all have ended.</summary>
    public bool HasEnded => Members.All(member => member.End.IsCompleted);

    /// <summary>Ends with the last member's status when all have ended.</summary>
    public Task<int[]> End { get; } = Task.WhenAll(members.Select(member => member.End));
}

/// <summary>A shell's background jobs that nobody waited for.</summary>
internal sealed class Jobs
{
    // Of so many ended jobs the status is kept until somebody waits.
    private const int MostEnded = 256;
    private readonly List<Job> jobs = [];
    private IReadOnlyList<Job> inherited = [];

    /// <summary>All, oldest first.</summary>
    public IReadOnlyList<Job> All => jobs;

    /// <summary>Those that are listed: a child that has none of its own tells its parent's, so that <c>$(jobs -p)</c> is of use.</summary>
    public IReadOnlyList<Job> Listed => jobs.Count > 0 ? jobs : inherited;

    /// <summary>What a child knows of them.</summary>
    public Jobs Fork() => new() { inherited = [.. jobs] };

    /// <summary>Adds one.</summary>
    public Job Add(IReadOnlyList<(Process Process, Task<int> End)> members, string text)
    {
        jobs.RemoveAll(job => job is { IsWaitedFor: true, HasEnded: true });
        if (jobs.Count >= MostEnded && jobs.FirstOrDefault(job => job.HasEnded) is { } oldest)
        {
            jobs.Remove(oldest);
        }

        var added = new Job(jobs.Count == 0 ? 1 : jobs.Max(job => job.Number) + 1, members, text);
        jobs.Add(added);
        return added;
    }

    /// <summary>Forgets one.</summary>
    public void Remove(Job job) => jobs.Remove(job);

    /// <summary>The job of <c>%1</c>, <c>%%</c>, <c>%+</c>, <c>%-</c>, <c>%name</c> or a process's number; null where there is none.</summary>
    public Job? Find(string text)
    {
        if (!text.StartsWith('%'))
        {
            return jobs.FirstOrDefault(job => job.Members.Any(member => text == member.Process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        }

        return text[1..] switch
        {
            "" or "%" or "+" => jobs.LastOrDefault(),
            "-" => jobs.Count > 1 ? jobs[^2] : jobs.LastOrDefault(),
            var number when int.TryParse(number, out var wanted) => jobs.FirstOrDefault(job => job.Number == wanted),
            var name => jobs.FirstOrDefault(job => job.Text.StartsWith(name, StringComparison.Ordinal)),
        };
    }
}
