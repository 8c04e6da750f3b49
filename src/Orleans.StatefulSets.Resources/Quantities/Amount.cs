using k8s.Models;

namespace Orleans.StatefulSets.Resources.Quantities;

/// <summary>A quantity to reckon with: its value in the resource's own unit (cores, bytes, pieces) and the notation that it was written in.</summary>
/// <param name="Value">The value.</param>
/// <param name="Format">The notation; what is added to nothing keeps its own, as in apimachinery's <c>Quantity.Add</c>.</param>
public readonly record struct Amount(decimal Value, ResourceQuantity.SuffixFormat Format)
{
    /// <summary>Nothing.</summary>
    public static Amount Zero { get; } = new(0, ResourceQuantity.SuffixFormat.DecimalSI);

    /// <summary>One piece.</summary>
    public static Amount One { get; } = Count(1);

    /// <summary>A number of pieces.</summary>
    public static Amount Count(int pieces) => new(pieces, ResourceQuantity.SuffixFormat.DecimalSI);

    /// <summary>The amount of a quantity.</summary>
    public static Amount Of(ResourceQuantity quantity) => new(quantity.ToDecimal(), quantity.Format);

    /// <summary>The sum.</summary>
    public static Amount operator +(Amount left, Amount right) =>
        new(left.Value + right.Value, left.Value == 0 ? right.Format : left.Format);

    /// <summary>The difference.</summary>
    public static Amount operator -(Amount left, Amount right) =>
        new(left.Value - right.Value, left.Value == 0 ? right.Format : left.Format);

    /// <summary>The amount on the wire.</summary>
    public ResourceQuantity ToQuantity() => new(ToString());

    /// <summary>The canonical text, <c>200m</c> or <c>1Gi</c>.</summary>
    public override string ToString() => Value switch
    {
        0 => "0",
        // The client library cannot print what is less than nothing.
        < 0 => "-" + (this with { Value = -Value }),
        _ => new ResourceQuantity(Value, 0, Format).CanonicalizeString(Format),
    };
}
