using Function;
using MailPace.Hosting;

// OpenFaaS tells the function's name; elsewhere the handler's assembly does.
var name = Environment.GetEnvironmentVariable("OPENFAAS_NAME") ?? typeof(Handler).Assembly.GetName().Name!;
return await MailPaceApplication.RunFunctionAsync(name, Handler.MapServices, Handler.MapEndpoints);
