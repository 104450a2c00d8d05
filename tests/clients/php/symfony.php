<?php
// Symfony's own transport for MailPace (under its former name), unchanged but for its host.
require 'Symfony/Component/Mailer/autoload.php';
require 'Symfony/Component/Mailer/Bridge/OhMySmtp/autoload.php';
require 'Symfony/Component/HttpClient/autoload.php';

use Symfony\Component\HttpClient\HttpClient;
use Symfony\Component\Mailer\Bridge\OhMySmtp\Transport\OhMySmtpTransportFactory;
use Symfony\Component\Mailer\Mailer;
use Symfony\Component\Mailer\Transport\Dsn;
use Symfony\Component\Mime\Address;
use Symfony\Component\Mime\Email;

$env = getenv();
$http = HttpClient::create(['cafile' => $env['CA']]);
$factory = new OhMySmtpTransportFactory(null, $http);
$transport = $factory->create(Dsn::fromString("ohmysmtp+api://{$env['TOKEN']}@{$env['HOST']}"));
$email = (new Email())
    ->from(Address::create($env['FROM']))
    ->to($env['TO'])
    ->subject($env['SUBJECT'])
    ->text($env['TEXT'])
    ->html("<p>{$env['TEXT']}</p>")
    ->attach(base64_decode($env['FILE_BASE64']), $env['FILE_NAME'], 'text/plain');
(new Mailer($transport))->send($email);
