namespace Orleans.StatefulSets.Resources.Selectors;

/// <summary>How a requirement compares (apimachinery's <c>selection.Operator</c>).</summary>
internal enum LabelOperator
{
    In,
    NotIn,
    Exists,
    DoesNotExist,
    GreaterThan,
    LessThan,
}

/// <summary>One term of a label selector.</summary>
internal sealed record LabelRequirement(string Key, LabelOperator Operator, IReadOnlyList<string> Values)
{
    private const int Few = 8;

    // A list that is asked of every object must not be walked for each.
    private readonly HashSet<string>? many = Values.Count > Few ? [.. Values] : null;

    /// <summary>Whether the labels satisfy the term. A missing key satisfies NotIn and DoesNotExist, as apimachinery has it.</summary>
    public bool Matches(IDictionary<string, string>? labels)
    {
        string? value = null;
        var present = labels is not null && labels.TryGetValue(Key, out value);
        return Operator switch
        {
            LabelOperator.Exists => present,
            LabelOperator.DoesNotExist => !present,
            LabelOperator.In => present && Has(value ?? ""),
            LabelOperator.NotIn => !present || !Has(value ?? ""),
            _ => present && Compares(value),
        };
    }

    private bool Compares(string? value) =>
        long.TryParse(value, out var have) && long.TryParse(Values[0], out var bound)
        && (Operator == LabelOperator.GreaterThan ? have > bound : have < bound);

    private bool Has(string value) => many?.Contains(value) ?? Values.Contains(value);
}
