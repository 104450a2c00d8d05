using System.Text.Json;
using MailPace.Mail.Addresses;

namespace MailPace.Mail.Tests.Addresses;

public sealed class AddressAttackTests
{
    /// <summary>Refused, or one address at the domain after the last @ outside quotes.</summary>
    [Fact]
    public void TryParse_AttackAddresses_RefusedOrOneAddress()
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(TestData.Path("attack-vectors/addresses.json")));
        foreach (var attack in json.RootElement.GetProperty("addresses").EnumerateArray().Select(element => element.GetString()!))
        {
            if (EmailAddress.TryParse(attack, out var address))
            {
                Assert.True(DomainName.TryParse(attack.AsSpan(attack.LastIndexOf('@') + 1), out var domain));
                Assert.Equal(domain, address.Domain);
                Assert.True(DisplayText.IsClean(address.Address));
            }

            if (MailboxList.TryParse(attack, out var list))
            {
                Assert.All(list, mailbox => Assert.True(DisplayText.IsClean(mailbox.Address.Address)));
                Assert.True(list.Count == 1 || attack == "a@good.example, b@evil.example", attack);
            }
        }
    }
}
