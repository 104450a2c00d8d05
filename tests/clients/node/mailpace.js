// MailPace's own client, unchanged but for its host.
const MailPace = require('@mailpace/mailpace.js');

const { HOST, TOKEN, FROM, TO, SUBJECT, TEXT, FILE_NAME, FILE_BASE64 } = process.env;
const client = new MailPace.DomainClient(TOKEN, { requestHost: `${HOST}/api/v1/` });
client
  .sendEmail({
    from: FROM,
    to: TO,
    subject: SUBJECT,
    htmlbody: `<p>${TEXT}</p>`,
    textbody: TEXT,
    tags: ['client', 'mailpace.js'],
    attachments: [{ name: FILE_NAME, content: FILE_BASE64, content_type: 'text/plain' }],
  })
  .then((answer) => console.log(JSON.stringify(answer)))
  .catch((error) => {
    console.error(error);
    process.exit(1);
  });
