using System.Collections.Concurrent;

namespace Orleans.StatefulSets.Grains.Objects;

/// <summary>What a grain that was looked at says of itself.</summary>
internal enum Vacancy
{
    /// <summary>There is what it is for.</summary>
    Taken,

    /// <summary>It is busy; look again.</summary>
    Undecided,

    /// <summary>There is nothing that it is for, and nothing that it does.</summary>
    Vacant,
}

/// <summary>A grain that may find nothing that it is for.</summary>
internal interface IVacatingGrain : IGrainBase
{
    /// <summary>Asked from outside of its turns.</summary>
    Vacancy Vacancy { get; }
}

/// <summary>
/// The grains of this silo that began without an object: of a name that is about to be taken, or that was only tried, or that a late message
/// spoke of. Those that still have none some seconds later go; to wait for the collection of idle grains would let them pile up by the
/// names that clients think of, and to go at once would cost an activation for each late message.
/// </summary>
internal sealed class Vacancies
{
    private readonly ConcurrentQueue<IVacatingGrain> begun = new();
    private List<IVacatingGrain> noted = [];

    public void Add(IVacatingGrain grain) => begun.Enqueue(grain);

    /// <summary>Sends away what has been vacant since the look before.</summary>
    public void Look()
    {
        List<IVacatingGrain> next = [];
        foreach (var grain in noted)
        {
            switch (grain.Vacancy)
            {
                case Vacancy.Vacant:
                    grain.DeactivateOnIdle();
                    break;
                case Vacancy.Undecided:
                    next.Add(grain);
                    break;
            }
        }

        while (begun.TryDequeue(out var grain))
        {
            next.Add(grain);
        }

        noted = next;
    }
}
