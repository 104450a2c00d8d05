using System.Buffers;
using MailPace.Contracts.Directory;

namespace MailPace.Messaging.Directory;

/// <summary>
/// The Block and Allow Lists of all owners, from the entries of <see cref="SuppressionLog"/>. Changes take effect at once; a snapshot is
/// collected aside, and replaces what is known when it's whole. One writer, the watch; readers take a shard's lock for a moment.
/// </summary>
internal sealed class SuppressionLists
{
    private volatile Lists _current = new();
    private Lists? _snapshot;

    /// <summary>Costs a hash and up to four look-ups; nothing where no list has anything.</summary>
    public bool IsSuppressed(long domainId, long? organisationId, string address)
    {
        var lists = _current;
        if (lists.Blocked.IsEmpty)
        {
            return false;
        }

        var digest = AddressDigest.Of(address);
        return Holds(lists.Blocked) && !Holds(lists.Allowed);

        bool Holds(SuppressionSet set) => set.Contains(ListOwner.OfDomain(domainId), digest)
            || (organisationId is { } id && set.Contains(ListOwner.OfOrganisation(id), digest));
    }

    /// <summary>False for what this version doesn't understand.</summary>
    public bool TryApply(in ReadOnlySequence<byte> entry)
    {
        if (!SuppressionLog.TryRead(entry.IsSingleSegment ? entry.FirstSpan : entry.ToArray(), out var part, out var groups))
        {
            return false;
        }

        if (part.HasFlag(SnapshotPart.First))
        {
            _snapshot = new Lists();
        }

        // The rest of a snapshot whose beginning wasn't seen says too little to replace anything, and nothing wrong.
        var target = part == SnapshotPart.None ? _current : _snapshot ?? _current;
        foreach (var group in groups)
        {
            target.Apply(group);
        }

        if (part.HasFlag(SnapshotPart.Last) && _snapshot is { } whole)
        {
            _current = whole;
            _snapshot = null;
        }

        return true;
    }

    private sealed class Lists
    {
        public SuppressionSet Blocked { get; } = new();

        public SuppressionSet Allowed { get; } = new();

        public void Apply(SuppressionGroup group)
        {
            foreach (var digest in group.Digests)
            {
                Apply(group.Action, group.Owner, digest);
            }
        }

        private void Apply(SuppressionAction action, ListOwner owner, UInt128 digest)
        {
            switch (action)
            {
                case SuppressionAction.Block:
                    Blocked.Add(owner, digest);
                    break;
                case SuppressionAction.Unblock:
                    Blocked.Remove(owner, digest);
                    break;
                case SuppressionAction.Allow:
                    Allowed.Add(owner, digest);
                    break;
                case SuppressionAction.Disallow:
                    Allowed.Remove(owner, digest);
                    break;
            }
        }
    }
}
