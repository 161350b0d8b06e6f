import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';

/** A mail server on this machine that keeps the letters that it is given. */
export interface RecordingSmtp {
  readonly port: number;
  readonly letters: readonly string[];
  /** The next letters are answered with this reply after their sender is named, 0 for a connection that breaks. */
  readonly failWith: (reply: number, times: number) => void;
  readonly close: () => Promise<void>;
}

/** As much of SMTP as a client needs to hand over a letter. */
export async function openRecordingSmtp(): Promise<RecordingSmtp> {
  const letters: string[] = [];
  const sockets = new Set<Socket>();
  let failing = { reply: 0, left: 0 };
  const takesFailure = (): number | undefined => {
    if (failing.left === 0) return undefined;
    failing = { ...failing, left: failing.left - 1 };
    return failing.reply;
  };
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => { socket.destroy(); });
    converse(socket, letters, takesFailure);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port, letters,
    failWith: (reply, times) => { failing = { reply, left: times }; },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

function converse(socket: Socket, letters: string[], takesFailure: () => number | undefined): void {
  const say = (line: string): void => { socket.write(`${line}\r\n`); };
  let rest = '';
  let isLetter = false;
  const hear = (command: string): void => {
    const failure = command.startsWith('MAIL') ? takesFailure() : undefined;
    if (failure === 0) socket.destroy();
    else if (failure !== undefined) say(`${failure} as asked`);
    else if (command.startsWith('EHLO')) say('250 recording');
    else if (command.startsWith('QUIT')) socket.end('221 bye\r\n');
    else if (command.startsWith('DATA')) {
      isLetter = true;
      say('354 go on');
    } else say('250 ok');
  };
  socket.on('data', (bytes: Buffer) => {
    rest += bytes.toString('latin1');
    for (let taken = nextOf(rest, isLetter); taken !== undefined; taken = nextOf(rest, isLetter)) {
      rest = taken.rest;
      if (isLetter) {
        letters.push(taken.text);
        say('250 kept');
        isLetter = false;
      } else hear(taken.text.toUpperCase());
    }
  });
  say('220 recording');
}

/** A line, or a letter up to the dot that ends it; undefined while it is not all there. */
function nextOf(rest: string, isLetter: boolean): { readonly text: string; readonly rest: string } | undefined {
  const end = isLetter ? '\r\n.\r\n' : '\r\n';
  const place = rest.indexOf(end);
  return place < 0 ? undefined : { text: rest.slice(0, place), rest: rest.slice(place + end.length) };
}
