using k8s.Models;
using Orleans.StatefulSets.Reconciliation.Quotas;
using Orleans.StatefulSets.Resources.Quantities;
using Orleans.StatefulSets.Resources.Writing;

namespace Orleans.StatefulSets.Grains.Quotas;

/// <remarks>The admission: charges that wait are decided one after another and written together.</remarks>
internal sealed partial class ResourceQuotaGrain
{
    private List<WaitingCharge> waiting = [];
    private bool hasRefused;
    private bool charging;

    /// <inheritdoc/>
    public Task<string?> Charge(QuotaRequest request)
    {
        var charge = new WaitingCharge(request);
        waiting.Add(charge);
        if (!charging)
        {
            charging = true;
            _ = ChargeAsync();
        }

        return charge.Answer.Task;
    }

    private async Task ChargeAsync()
    {
        try
        {
            while (waiting.Count > 0)
            {
                // In a turn of its own: whoever asks at the same time is answered with the same write.
                await Task.Yield();
                var batch = waiting;
                waiting = [];
                await AnswerAsync(batch);
            }
        }
        finally
        {
            charging = false;
        }
    }

    private async Task AnswerAsync(List<WaitingCharge> batch)
    {
        try
        {
            if (await WouldRefuseAsync(batch))
            {
                // What is gone may not be known here yet.
                await Services.Replicas.Objects.WaitForHeadAsync(CancellationToken.None);
            }

            await WriteAsync(batch);
            batch.ForEach(charge => charge.Answer.TrySetResult(charge.Refusal));
        }
        catch (Exception failure)
        {
            LogFailed(failure, Key);
            batch.ForEach(TakeBack);
            batch.ForEach(charge => charge.Answer.TrySetException(failure));
        }
    }

    private Task<bool> WouldRefuseAsync(List<WaitingCharge> batch)
    {
        if (Current is not { } item)
        {
            return Task.FromResult(false);
        }

        Follow(item);
        var used = ledger.Used();
        foreach (var request in batch.Select(charge => charge.Request))
        {
            var answer = Check(item.As<V1ResourceQuota>(), used, request);
            if (answer.Refusal is not null)
            {
                return Task.FromResult(true);
            }

            ResourceList.AddTo(used, answer.Charge);
        }

        return Task.FromResult(false);
    }

    private QuotaAnswer Check(V1ResourceQuota quota, IReadOnlyDictionary<string, Amount> used, QuotaRequest request) =>
        QuotaAdmission.Check(quota, used, request.Key.Resource, request.Next.Value, request.Before?.Value, Now);

    private Task WriteAsync(List<WaitingCharge> batch) => CarryOutAsync(current =>
    {
        batch.ForEach(TakeBack);
        if (current is null)
        {
            batch.ForEach(charge => charge.Refusal = null);
            return new ValueTask<WriteDecision>(new WriteDecision { Outcome = WriteOutcome.Unchanged, Model = null! });
        }

        Follow(current);
        var quota = current.As<V1ResourceQuota>();
        var used = ledger.Used();
        foreach (var charge in batch.Where(charge => !ledger.IsGranted(charge.Request.Uid, charge.Request.Ticket)))
        {
            Decide(quota, used, charge);
        }

        var status = new V1ResourceQuotaStatus { Hard = quota.Spec.Hard, Used = ResourceList.ToQuantities(used) };
        var isSame = ResourceList.Same(status.Hard, quota.Status?.Hard) && ResourceList.Same(status.Used, quota.Status?.Used);
        return new ValueTask<WriteDecision>(new WriteDecision
        {
            Outcome = isSame ? WriteOutcome.Unchanged : WriteOutcome.Updated,
            Model = isSame ? quota : quota with { Status = status },
        });
    });

    private void Decide(V1ResourceQuota quota, Dictionary<string, Amount> used, WaitingCharge charge)
    {
        var answer = Check(quota, used, charge.Request);
        charge.Refusal = answer.Refusal;
        hasRefused |= answer.Refusal is not null;
        if (answer.Charge.Count > 0 && !charge.Request.DryRun)
        {
            ledger.Give(charge.Request.Uid, charge.Request.Ticket, charge.Request.Basis, answer.Charge, wall.GetUtcNow() + settings.Value.GrantLasts);
            charge.IsGiven = true;
            ResourceList.AddTo(used, answer.Charge);
            WatchGrants();
        }
    }

    // Only what this batch was given: another's charge of that ticket was answered before.
    private void TakeBack(WaitingCharge charge)
    {
        if (charge.IsGiven)
        {
            ledger.TakeBack(charge.Request.Uid, charge.Request.Ticket);
            charge.IsGiven = false;
        }
    }

    private sealed class WaitingCharge(QuotaRequest request)
    {
        public QuotaRequest Request { get; } = request;

        public TaskCompletionSource<string?> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public string? Refusal { get; set; }

        /// <summary>The ledger holds it, and it is not answered yet.</summary>
        public bool IsGiven { get; set; }
    }
}
