namespace MailPace.Smtp.Delivery;

/// <summary>The message may not leave as it is; its transaction says so for each recipient.</summary>
internal sealed class UnfitContentException : Exception;
