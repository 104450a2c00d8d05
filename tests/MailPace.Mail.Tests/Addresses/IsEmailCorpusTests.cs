using System.Xml.Linq;
using MailPace.Mail.Addresses;

namespace MailPace.Mail.Tests.Addresses;

/// <summary>Dominic Sayers' isemail cases: errors are refused, plain and DNS-only cases are taken, the rest never crashes.</summary>
public sealed class IsEmailCorpusTests
{
    [Theory]
    [InlineData("isemail/tests.xml")]
    [InlineData("isemail/tests-original.xml")]
    public void TryParse_Corpus_AgreesWithItsCategories(string file)
    {
        var wrong = new List<string>();
        var count = 0;
        foreach (var test in XDocument.Load(TestData.Path(file)).Descendants("test"))
        {
            // Controls are written as their symbols, U+2400 and up.
            var text = string.Concat((test.Element("address")?.Value ?? "").Select(c => c is >= '\u2400' and <= '\u241F' ? (char)(c - '\u2400') : c));
            var taken = EmailAddress.TryParse(text, out var address);
            var expected = test.Element("category")!.Value switch
            {
                "ISEMAIL_ERR" => (bool?)false,
                "ISEMAIL_VALID_CATEGORY" or "ISEMAIL_DNSWARN" => true,
                _ => null,
            };
            count++;
            if ((expected is { } known && known != taken) || (taken && !DisplayText.IsClean(address.Address)))
            {
                wrong.Add($"{test.Attribute("id")!.Value}: {text} ({test.Element("diagnosis")!.Value}) taken: {taken}");
            }
        }

        Assert.Empty(wrong);
        Assert.True(count > 100);
    }
}
