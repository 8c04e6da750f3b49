using System.Net;
using Orleans.StatefulSets.Workloads.Network;

namespace Orleans.StatefulSets.Workloads.Tests.Network;

public sealed class Ipv4AddressTests
{
    [Theory]
    [InlineData("10.244.0.2")]
    [InlineData("0.0.0.0")]
    [InlineData("255.255.255.255")]
    public void An_address_is_the_same_in_every_form(string text)
    {
        Assert.True(Ipv4Address.TryParse(text, out var address));
        Assert.Equal(text, address.ToString());
        Assert.Equal(text.Replace('.', '-'), address.Dashed);
        Assert.Equal(IPAddress.Parse(text), address.ToIPAddress());
        Assert.Equal(address, Ipv4Address.Of(IPAddress.Parse(text)));
        Assert.Equal(address, Ipv4Address.Of(IPAddress.Parse(text).MapToIPv6()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("10")]
    [InlineData("10.244.0")]
    [InlineData("10.244.0.2.3")]
    [InlineData("10.244.0.256")]
    [InlineData("10.244.00.2")]
    [InlineData("10.244..2")]
    [InlineData("10.244.0.+2")]
    [InlineData("10.244.0. 2")]
    [InlineData("0x0a.244.0.2")]
    [InlineData("10-244-0-2")]
    [InlineData("::1")]
    public void Anything_else_is_none(string text) => Assert.False(Ipv4Address.TryParse(text, out _));

    [Fact]
    public void An_IPv6_address_is_none() => Assert.Null(Ipv4Address.Of(IPAddress.IPv6Loopback));
}
