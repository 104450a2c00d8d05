namespace MailPace.Storage.History;

/// <summary>Another projector moved the cursor: nothing of this batch was written. Read the cursor and start over from there.</summary>
public sealed class CursorMovedException(string stream) : Exception($"The cursor of {stream} was moved by another projector.");
