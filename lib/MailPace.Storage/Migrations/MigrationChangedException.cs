namespace MailPace.Storage.Migrations;

/// <summary>An applied migration isn't what this build contains: the schema is not the one the code was written for.</summary>
public sealed class MigrationChangedException(string message) : Exception(message);
