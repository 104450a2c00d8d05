const nodemailer = require('nodemailer');

const { PORT, TOKEN, FROM, TO, SUBJECT, TEXT, FILE_NAME, FILE_BASE64 } = process.env;
const transport = nodemailer.createTransport({
  host: 'localhost',
  port: Number(PORT),
  secure: false,
  requireTLS: true,
  auth: { user: TOKEN, pass: TOKEN },
});
transport
  .sendMail({
    from: FROM,
    to: TO,
    subject: SUBJECT,
    text: TEXT,
    html: `<p>${TEXT}</p>`,
    attachments: [{ filename: FILE_NAME, content: Buffer.from(FILE_BASE64, 'base64'), contentType: 'text/plain' }],
  })
  .then((info) => console.log(info.response))
  .catch((error) => {
    console.error(error);
    process.exit(1);
  });
