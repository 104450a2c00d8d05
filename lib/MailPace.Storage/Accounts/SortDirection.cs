namespace MailPace.Storage.Accounts;

public enum SortDirection
{
    Ascending,
    Descending,
}
