using k8s.Models;
using Orleans.StatefulSets.Resources.Decoding;
using Orleans.StatefulSets.Resources.Errors;

namespace Orleans.StatefulSets.Resources.Selectors;

/// <summary>Which labels are meant: of a list or watch (<c>labelSelector=</c>) or of an object's <c>spec.selector</c>.</summary>
public sealed class LabelSelector
{
    private readonly IReadOnlyList<LabelRequirement> requirements;
    private readonly bool matchesNothing;

    private LabelSelector(IReadOnlyList<LabelRequirement> requirements, bool matchesNothing = false)
    {
        this.requirements = requirements;
        this.matchesNothing = matchesNothing;
    }

    /// <summary>Matches every object.</summary>
    public static LabelSelector Everything { get; } = new([]);

    /// <summary>Matches no object.</summary>
    public static LabelSelector Nothing { get; } = new([], matchesNothing: true);

    /// <summary>Whether it asks nothing of labels: everything matches.</summary>
    public bool IsEmpty => requirements.Count == 0 && !matchesNothing;

    /// <summary>How many terms it has: what asking it of one object costs.</summary>
    public int Count => requirements.Count;

    /// <summary>Parses the text form: <c>app=web,tier in (a,b),!legacy</c>.</summary>
    /// <exception cref="ApiException">400 BadRequest with apimachinery's text.</exception>
    public static LabelSelector Parse(string text)
    {
        try
        {
            return new LabelSelector(LabelParser.Parse(text));
        }
        catch (SelectorException complaint)
        {
            throw ApiErrors.BadRequest(complaint.Message);
        }
    }

    /// <summary>
    /// Takes a selector out of a spec (metav1's <c>LabelSelectorAsSelector</c>): none at all matches nothing, an empty one everything.
    /// </summary>
    /// <exception cref="ApiException">400 BadRequest: an operator that does not exist, or values that do not go with it.</exception>
    public static LabelSelector From(V1LabelSelector? selector)
    {
        if (selector is null)
        {
            return Nothing;
        }

        var requirements = new List<LabelRequirement>();
        foreach (var (key, value) in selector.MatchLabels ?? new Dictionary<string, string>())
        {
            requirements.Add(new LabelRequirement(key, LabelOperator.In, [value]));
        }

        foreach (var expression in selector.MatchExpressions ?? [])
        {
            requirements.Add(From(expression));
        }

        return requirements.Count == 0 ? Everything : new LabelSelector(requirements);
    }

    /// <summary>Takes the equality selector of a Service: none or an empty one matches nothing.</summary>
    public static LabelSelector FromSet(IDictionary<string, string>? labels) => labels is null or { Count: 0 }
        ? Nothing
        : new LabelSelector([.. labels.Select(pair => new LabelRequirement(pair.Key, LabelOperator.In, [pair.Value]))]);

    /// <summary>Whether labels satisfy every requirement.</summary>
    public bool Matches(IDictionary<string, string>? labels)
    {
        if (matchesNothing)
        {
            return false;
        }

        foreach (var requirement in requirements)
        {
            if (!requirement.Matches(labels))
            {
                return false;
            }
        }

        return true;
    }

    private static LabelRequirement From(V1LabelSelectorRequirement expression)
    {
        LabelOperator? comparison = expression.OperatorProperty switch
        {
            "In" => LabelOperator.In,
            "NotIn" => LabelOperator.NotIn,
            "Exists" => LabelOperator.Exists,
            "DoesNotExist" => LabelOperator.DoesNotExist,
            _ => null,
        };
        if (comparison is not { } known)
        {
            throw ApiErrors.BadRequest($"{GoText.Quote(expression.OperatorProperty ?? "")} is not a valid label selector operator");
        }

        IReadOnlyList<string> values = [.. expression.Values ?? []];
        if (known is LabelOperator.In or LabelOperator.NotIn && values.Count == 0)
        {
            throw ApiErrors.BadRequest("values: Invalid value: []string{}: for 'in', 'notin' operators, values set can't be empty");
        }

        if (known is LabelOperator.Exists or LabelOperator.DoesNotExist && values.Count > 0)
        {
            throw ApiErrors.BadRequest("values: Invalid value: [\"" + string.Join("\",\"", values) + "\"]: values set must be empty for exists and does not exist");
        }

        return new LabelRequirement(expression.Key, known, values);
    }
}
