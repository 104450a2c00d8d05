using k8s.Models;

namespace MailPace.Kubernetes.Tests.Resources;

public sealed class PostgresCluster : CustomResource<PostgresClusterSpec>;

public sealed class PostgresClusterSpec
{
    public int Instances { get; set; }

    public string? ImageName { get; set; }

    public PostgresBootstrap? Bootstrap { get; set; }

    public int? MinSyncReplicas { get; set; }

    public int? MaxSyncReplicas { get; set; }

    public PostgresStorage? Storage { get; set; }

    public V1ResourceRequirements? Resources { get; set; }
}

public sealed class PostgresBootstrap
{
    public PostgresInitialDatabase? Initdb { get; set; }
}

public sealed class PostgresInitialDatabase
{
    public string? Database { get; set; }

    public string? Owner { get; set; }

    public PostgresSecret? Secret { get; set; }
}

public sealed class PostgresSecret
{
    public string Name { get; set; } = "";
}

public sealed class PostgresStorage
{
    public string? Size { get; set; }

    public string? StorageClass { get; set; }
}
