import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A span as a collector received it. */
export interface ReceivedSpan {
  readonly traceId: string;
  readonly spanId: string;
  /** Empty for the first span of a trace. */
  readonly parentSpanId: string;
  readonly name: string;
  /** OTLP's numbers: 1 internal, 2 server, 3 client. */
  readonly kind: number;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly isError: boolean;
  readonly resource: Readonly<Record<string, unknown>>;
}

/** Receives traces over OTLP/HTTP on loopback, and stores them. */
export async function startCollector() {
  const bodies: Buffer[] = [];
  const headers: IncomingHttpHeaders[] = [];
  let status = 200;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      headers.push({ ...request.headers, ':path': request.url });
      if (status === 200) bodies.push(Buffer.concat(chunks));
      response.writeHead(status, { 'content-type': 'application/x-protobuf' }).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    headers,
    spans: () => bodies.flatMap(toSpans),
    /** Everything received, as one text, to search for what must not be there. */
    text: () => Buffer.concat(bodies).toString('latin1'),
    answerWith(next: number) {
      status = next;
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** `ExportTraceServiceRequest` of opentelemetry-proto, as far as the tests need it. */
function toSpans(body: Buffer): ReceivedSpan[] {
  return messages(body, 1).flatMap((resourceSpans) => {
    const resource = messages(resourceSpans, 1).map((message) => toAttributes(messages(message, 1)))[0] ?? {};
    const spans = messages(resourceSpans, 2).flatMap((scopeSpans) => messages(scopeSpans, 2));
    return spans.map((span) => ({
      traceId: bytes(span, 1).toString('hex'),
      spanId: bytes(span, 2).toString('hex'),
      parentSpanId: bytes(span, 4).toString('hex'),
      name: bytes(span, 5).toString(),
      kind: number(span, 6),
      attributes: toAttributes(messages(span, 9)),
      isError: messages(span, 15).some((state) => number(state, 3) === 2),
      resource,
    }));
  });
}

function toAttributes(pairs: readonly Buffer[]): Record<string, unknown> {
  return Object.fromEntries(
    pairs.map((pair) => [bytes(pair, 1).toString(), toValue(bytes(pair, 2))] as const),
  );
}

function toValue(value: Buffer): unknown {
  const [field] = fields(value);
  if (field === undefined) return null;
  if (field.number === 5) return messages(bytes(value, 5), 1).map(toValue);
  return typeof field.value === 'number' ? field.value : field.value.toString();
}

interface Field {
  readonly number: number;
  readonly value: Buffer | number;
}

function messages(message: Buffer, fieldNumber: number): Buffer[] {
  return fields(message).flatMap(({ number: found, value }) =>
    found === fieldNumber && typeof value !== 'number' ? [value] : [],
  );
}

function bytes(message: Buffer, fieldNumber: number): Buffer {
  return messages(message, fieldNumber)[0] ?? Buffer.alloc(0);
}

function number(message: Buffer, fieldNumber: number): number {
  const value = fields(message).find((field) => field.number === fieldNumber)?.value;
  return typeof value === 'number' ? value : 0;
}

/** The wire format of protocol buffers: varints, 64 and 32 bit values, and bytes with their length. */
function fields(message: Buffer): Field[] {
  const found: Field[] = [];
  let at = 0;
  const varint = () => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = message.readUInt8(at++);
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
  };
  const take = (length: number) => {
    at += length;
    return message.subarray(at - length, at);
  };
  while (at < message.length) {
    const tag = varint();
    const wireType = tag & 7;
    const fieldNumber = Math.floor(tag / 8);
    if (wireType === 0) found.push({ number: fieldNumber, value: varint() });
    else if (wireType === 2) found.push({ number: fieldNumber, value: take(varint()) });
    else take(wireType === 1 ? 8 : 4);
  }
  return found;
}
