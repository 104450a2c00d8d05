namespace MailPace.Deliver.Shaping;

/// <summary>What a lane did since it was asked last.</summary>
/// <param name="InUse">Connections that jobs have now.</param>
/// <param name="MostInUse">Connections that they had at most.</param>
/// <param name="Begun">Messages begun.</param>
/// <param name="IsFull">Somebody found no room.</param>
/// <param name="GivenBack">Jobs given back.</param>
internal readonly record struct LaneUse(int InUse, int MostInUse, int Begun, bool IsFull, int GivenBack)
{
    public bool IsIdle => InUse == 0 && MostInUse == 0 && !IsFull && GivenBack == 0;
}
