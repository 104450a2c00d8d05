namespace MailPace.Messaging.Bundles;

/// <summary>A payload is no bundle, or one of a version that this program doesn't know.</summary>
public sealed class BundleFormatException(string message) : Exception(message);
