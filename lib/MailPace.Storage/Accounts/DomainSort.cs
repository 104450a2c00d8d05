namespace MailPace.Storage.Accounts;

public enum DomainSort
{
    CreatedAt,
    Id,
    Name,
}
