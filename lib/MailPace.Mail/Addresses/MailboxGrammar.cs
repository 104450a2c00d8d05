namespace MailPace.Mail.Addresses;

internal enum MailboxGrammar
{
    /// <summary>What API clients write: an unquoted name may hold what RFC 5322 calls specials.</summary>
    Tolerant,

    /// <summary>RFC 5322 as every reader understands it: what a header From that we pass on unchanged has to be.</summary>
    Strict,
}
