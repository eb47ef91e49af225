import { lookup } from 'node:dns/promises';
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { type Finding, ok, problem } from './finding.ts';

/**
 * Examines the connection to a provider without a request: name, connection, TLS. `variable` is the variable that set
 * the address.
 */
export async function examineConnection(
  baseUrl: string,
  variable: string,
  timeoutMs: number,
): Promise<Finding> {
  const { hostname, host, protocol, port } = new URL(baseUrl);
  const name = hostname.replace(/^\[|\]$/g, '');
  const isTls = protocol === 'https:';
  try {
    await lookup(name);
  } catch {
    return problem(`The host name ${name} was not found.`, `Check ${variable}, and the DNS of this machine.`);
  }
  const startedAt = performance.now();
  try {
    await opened(name, Number(port || (isTls ? 443 : 80)), isTls, timeoutMs);
  } catch (error) {
    return toProblem(host, variable, error);
  }
  const millis = Math.round(performance.now() - startedAt);
  return ok(`${host} can be reached${isTls ? ', with TLS' : ''}, in ${millis} ms.`);
}

function opened(host: string, port: number, isTls: boolean, timeoutMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket: Socket = isTls
      ? connectTls({ host, port, ...(isIP(host) === 0 ? { servername: host } : {}) })
      : connectTcp({ host, port });
    socket.setTimeout(timeoutMs, () => socket.destroy(new TimedOut()));
    socket.once('error', reject);
    socket.once(isTls ? 'secureConnect' : 'connect', () => {
      socket.destroy();
      resolve();
    });
  });
}

class TimedOut extends Error {
  readonly code = 'ETIMEDOUT';
}

const untrusted = /SELF_SIGNED|UNABLE_TO_(VERIFY|GET_ISSUER)/;
const dated = /^CERT_(HAS_EXPIRED|NOT_YET_VALID)$/;
const direct = 'The gateway connects directly, whatever HTTPS_PROXY says: is there a firewall in between?';

function toProblem(host: string, variable: string, error: unknown): Finding {
  const code = codeOf(error);
  if (untrusted.test(code)) {
    return problem(
      `${host} has a certificate that this machine does not trust (${code}).`,
      'A proxy or firewall intercepts TLS. Exempt this host, or put its certificate authority into NODE_EXTRA_CA_CERTS.',
    );
  }
  if (dated.test(code)) {
    return problem(
      `${host} has a certificate that has expired or is not valid yet (${code}).`,
      'Check the clock of this machine.',
    );
  }
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return problem(`${host} has the certificate of another host.`, `Check ${variable}.`);
  }
  if (code === 'EPROTO' || code.startsWith('ERR_SSL')) {
    return problem(`${host} does not speak TLS (${code}).`, `Check the port in ${variable}. ${direct}`);
  }
  return problem(`${host} cannot be reached (${code}).`, `Check ${variable}. ${direct}`);
}

function codeOf(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : null;
  return typeof code === 'string' ? code : 'no code';
}
