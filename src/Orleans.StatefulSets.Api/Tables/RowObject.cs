namespace Orleans.StatefulSets.Api.Tables;

/// <summary>What a Table's rows carry beside their cells (<c>includeObject</c>).</summary>
internal enum RowObject
{
    Metadata,
    None,
    Object,
}
