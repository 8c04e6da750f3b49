using System.Collections.Concurrent;
using Orleans.StatefulSets.Resources.Objects;

namespace Orleans.StatefulSets.Grains.Tests.Clusters;

/// <param name="Sequence">Its place among all calls that arrived in the cluster.</param>
/// <param name="Silo">The silo it arrived at.</param>
/// <param name="Interface">The grain's interface, <c>IPodGrain</c>.</param>
/// <param name="Key">The grain's key.</param>
/// <param name="Method">The method.</param>
/// <param name="Item">The object that the call told of, where it did.</param>
/// <param name="Deleted">Whether it told that the object went.</param>
internal sealed record TracedMessage(long Sequence, string Silo, string Interface, string Key, string Method, StoredObject? Item, bool Deleted);

/// <summary>Every call that arrives at a grain of the cluster, in the order of arrival.</summary>
internal sealed class MessageTrace
{
    private readonly ConcurrentQueue<TracedMessage> messages = new();
    private long sequence;

    /// <summary>Called with every message as it arrives.</summary>
    public Action<TracedMessage> Arrived { get; set; } = _ => { };

    /// <summary>Which calls never reach their grain: the caller sees what it sees of a silo that died with the call.</summary>
    public Func<TracedMessage, bool> IsLost { get; set; } = _ => false;

    /// <summary>Which calls never reach their grain: the caller sees what it sees after it has waited in vain.</summary>
    public Func<TracedMessage, bool> IsAwaitedInVain { get; set; } = _ => false;

    /// <summary>Which calls nobody answers: they went with a connection, and the caller waits.</summary>
    public Func<TracedMessage, bool> IsSwallowed { get; set; } = _ => false;

    /// <summary>Which calls are carried out, and their callers wait for the answer in vain.</summary>
    public Func<TracedMessage, bool> IsAnswerAwaitedInVain { get; set; } = _ => false;

    /// <summary>Which calls are carried out, and their answers lost.</summary>
    public Func<TracedMessage, bool> IsAnswerLost { get; set; } = _ => false;

    public IReadOnlyList<TracedMessage> Messages => [.. messages.OrderBy(message => message.Sequence)];

    public IIncomingGrainCallFilter FilterOf(string silo) => new Filter(this, silo);

    private sealed class Filter(MessageTrace trace, string silo) : IIncomingGrainCallFilter
    {
        public async Task Invoke(IIncomingGrainCallContext context)
        {
            var (isAnswerLost, isAnswerAwaited) = (false, false);
            // Only the cluster's own grains; Orleans calls its own all the time.
            if (context.InterfaceMethod?.DeclaringType is { } declaring && declaring.Namespace?.StartsWith("Orleans.StatefulSets", StringComparison.Ordinal) == true)
            {
                var item = context.Request.GetArgumentCount() > 0 ? context.Request.GetArgument(0) : null;
                var message = new TracedMessage(
                    Interlocked.Increment(ref trace.sequence), silo, context.InterfaceName.Split('.')[^1], context.TargetId.Key.ToString()!, context.InterfaceMethod.Name,
                    item as StoredObject, item is StoredObject && context.Request.GetArgument(1) is true);
                trace.messages.Enqueue(message);
                trace.Arrived(message);
                if (trace.IsLost(message))
                {
                    throw new SiloUnavailableException("lost on the way");
                }

                if (trace.IsAwaitedInVain(message))
                {
                    throw new TimeoutException("no answer");
                }

                if (trace.IsSwallowed(message))
                {
                    await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System);
                }

                (isAnswerLost, isAnswerAwaited) = (trace.IsAnswerLost(message), trace.IsAnswerAwaitedInVain(message));
            }

            await context.Invoke();
            if (isAnswerAwaited)
            {
                throw new TimeoutException("no answer");
            }

            if (isAnswerLost)
            {
                throw new SiloUnavailableException("lost on the way back");
            }
        }
    }
}
