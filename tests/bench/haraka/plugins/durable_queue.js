// Takes every recipient, and answers 250 when the message's file is synced: what Postfix does before its 250, no less and no more.
const fs = require('node:fs');
const path = require('node:path');

const folder = process.env.HARAKA_QUEUE;

exports.hook_rcpt = (next) => next(OK);

exports.hook_queue = (next, connection) => {
  const { uuid, message_stream: message } = connection.transaction;
  const file = path.join(folder, `${uuid}.part`);
  fs.open(file, 'wx', (fault, descriptor) => {
    if (fault) return next(DENYSOFT, fault.message);
    const stream = fs.createWriteStream(null, { fd: descriptor, autoClose: false });
    stream.on('error', (error) => fs.close(descriptor, () => next(DENYSOFT, error.message)));
    stream.on('finish', () =>
      fs.fsync(descriptor, (unsynced) =>
        fs.close(descriptor, () => {
          if (unsynced) return next(DENYSOFT, unsynced.message);
          fs.rename(file, path.join(folder, `${uuid}.eml`), (lost) => (lost ? next(DENYSOFT, lost.message) : next(OK)));
        }),
      ),
    );
    message.pipe(stream);
  });
};
