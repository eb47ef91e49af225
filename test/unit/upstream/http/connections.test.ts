import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterEach, describe, expect, test } from '@jest/globals';
import { startBytes, startLoopback } from './loopback.fixture.ts';
import { clients, subjectOf, ways } from './subject.fixture.ts';

const answer = (text: string) => `HTTP/1.1 200 OK\r\ncontent-length: ${text.length}\r\n\r\n${text}`;

describe.each(ways)('%s, a %s', (client, method) => {
  const subject = subjectOf(client, method);

  test('in sequence reuse few connections', async () => {
    await subject.start((request, response) => request.resume().once('end', () => response.end('{}')));
    for (let index = 0; index < 20; index++) await subject.send();
    // undici frees a connection one tick after the reply, and may have opened a second one by then.
    expect(subject.server.connectionCount()).toBeLessThan(3);
  });

  test('beyond the connection limit wait, and each gets its own reply', async () => {
    let running = 0;
    let most = 0;
    await subject.start(
      async (request, response) => {
        running += 1;
        most = Math.max(most, running);
        await delay(2);
        running -= 1;
        response.end(request.url);
      },
      { maxSockets: 3 },
    );
    const paths = Array.from({ length: 60 }, (_, index) => `/${index}`);
    const replies = await Promise.all(paths.map((path) => subject.send(path)));
    expect(replies.map(({ text }) => text)).toEqual(paths);
    expect([most, subject.server.connectionCount()]).toEqual([3, 3]);
  });

  test('one that is aborted while it waits for a connection is not sent, and closes no connection', async () => {
    const seen: (string | undefined)[] = [];
    const { promise: freed, resolve: free } = Promise.withResolvers<void>();
    await subject.start(
      async (request, response) => {
        seen.push(request.url);
        await freed;
        response.end(request.url);
      },
      { maxSockets: 1 },
    );
    const first = subject.send('/first');
    const leaving = new AbortController();
    const left = subject.failureOf('/left', leaving.signal);
    const last = subject.send('/last');
    leaving.abort();
    expect((await left).code).toBe('CANCELLED');
    free();
    expect([(await first).text, (await last).text]).toEqual(['/first', '/last']);
    expect([seen, subject.server.connectionCount()]).toEqual([['/first', '/last'], 1]);
  });

  test('the wait for a connection is reported apart from the time that the server takes', async () => {
    const waitsMs: number[] = [];
    const { promise: freed, resolve: free } = Promise.withResolvers<void>();
    let arrived = 0;
    await subject.start(
      async (_, response) => {
        arrived += 1;
        await freed;
        response.end('{}');
      },
      { maxSockets: 1, onSent: (_, waitedMs) => waitsMs.push(waitedMs) },
    );
    const both = Promise.all([subject.send('/first'), subject.send('/waiting')]);
    while (arrived === 0) await delay(1);
    await delay(100);
    free();
    await both;
    // The first one waited for the server, the second one for the first.
    const [first, waiting, ...others] = waitsMs;
    expect(others).toEqual([]);
    expect(first).toBeLessThan(waiting as number);
  });

  test('one that waits beyond its time limit fails with a timeout', async () => {
    await subject.start(() => {}, { maxSockets: 1, requestTimeoutMs: 100 });
    const failures = await Promise.all([subject.failureOf('/first'), subject.failureOf('/waiting')]);
    expect(failures.map(({ code }) => code)).toEqual(['UPSTREAM_TIMEOUT', 'UPSTREAM_TIMEOUT']);
  });

  test('a keep-alive connection that the peer has closed is not used', async () => {
    await subject.start(({ socket }, response) => {
      response.once('close', () => socket.end());
      response.end('{}');
    });
    for (let index = 0; index < 3; index++) {
      expect((await subject.send()).text).toBe('{}');
      await delay(20);
    }
    expect(subject.server.connectionCount()).toBe(3);
  });

  test.each([
    ['with the reply', (left: string) => answer('"own"') + left, () => undefined],
    [
      'after it',
      () => answer('"own"'),
      (socket: { write(text: string): void }, left: string) => void setTimeout(() => socket.write(left), 5),
    ],
  ])('what a peer sends too much of, %s, answers nothing', async (_name, reply, afterwards) => {
    const left = answer('"of another"');
    const server = await startBytes((socket) => {
      socket.write(reply(left));
      afterwards(socket, left);
    });
    subject.open();
    try {
      for (let index = 0; index < 3; index++) {
        expect((await subject.send(server.url)).text).toBe('"own"');
        await delay(20);
      }
    } finally {
      await server.close();
    }
  });

  test('different hosts have separate connections', async () => {
    const servers = await Promise.all(
      ['a', 'b', 'c'].map((name) => startLoopback((_request, response) => response.end(name))),
    );
    subject.open({ maxSockets: 1 });
    const urls = servers.map(({ url }) => url);
    const replies = await Promise.all([...urls, ...urls].map((url) => subject.send(url)));
    expect(replies.map(({ text }) => text)).toEqual(['a', 'b', 'c', 'a', 'b', 'c']);
    expect(servers.map((server) => server.connectionCount())).toEqual([1, 1, 1]);
    await Promise.all(servers.map((server) => server.close()));
  });

  const hasIpv6 = Object.values(networkInterfaces()).some((all) =>
    all?.some(({ address }) => address === '::1'),
  );
  (hasIpv6 ? test : test.skip)('an IPv6 address', async () => {
    const server = await startLoopback((request, response) => response.end(request.headers.host), '::1');
    subject.open();
    expect((await subject.send(server.url)).text).toBe(new URL(server.url).host);
    await server.close();
  });
});

describe.each(clients)('%s, a read', (client) => {
  const subject = subjectOf(client);

  test('closing fails requests in flight and waiting ones', async () => {
    const { promise: arrived, resolve: arrive } = Promise.withResolvers<void>();
    await subject.start(() => arrive(), { maxSockets: 1 });
    const failures = Promise.all([subject.failureOf('/first'), subject.failureOf('/waiting')]);
    await arrived;
    subject.http.close();
    expect((await failures).map(({ code }) => code)).toEqual([
      'UPSTREAM_UNAVAILABLE',
      'UPSTREAM_UNAVAILABLE',
    ]);
  });
});

const certificate = makeCertificate();

describe.each(clients)('%s over TLS', (client) => {
  const subject = subjectOf(client);
  const others = getCACertificates('default');
  afterEach(() => setDefaultCACertificates(others));

  (certificate === null ? test.skip : test)(
    'asks a host that it can trust, in HTTP/1.1, and no other',
    async () => {
      const { key, cert } = certificate ?? { key: '', cert: '' };
      const server = createServer({ key, cert, ALPNProtocols: ['h2', 'http/1.1'] }, (request, response) =>
        response.end(`${request.httpVersion} ${request.headers.host}`),
      );
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
      subject.open();
      try {
        const { code, message } = await subject.failureOf(url);
        expect([code, message]).toEqual([
          'UPSTREAM_UNAVAILABLE',
          expect.stringContaining('SELF_SIGNED_CERT'),
        ]);
        setDefaultCACertificates([...others, cert]);
        expect((await subject.send(url)).text).toBe(`1.1 ${new URL(url).host}`);
      } finally {
        server.closeAllConnections();
        server.close();
      }
    },
  );
});

/** A self-signed certificate for 127.0.0.1; null when there is no openssl. */
function makeCertificate(): { readonly key: string; readonly cert: string } | null {
  const folder = mkdtempSync(join(tmpdir(), 'certificate-'));
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const made = [
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-nodes',
    '-keyout',
    key,
    '-out',
    cert,
  ];
  try {
    execFileSync('openssl', ['req', '-x509', ...made, ...subject], { stdio: 'ignore' });
    return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
  } catch {
    return null;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
