import { type RunningGateway, startGateway } from '../../src/app.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { startUqpaySandbox, type UqpaySandbox } from '../../src/sandbox/uqpay/index.ts';

/** A whole gateway on a free port, over its own UQPAY sandbox. */
export interface TestGateway {
  readonly gateway: RunningGateway;
  readonly sandbox: UqpaySandbox;
  /** Sends a JSON body to `/graphql`. */
  post(body: unknown, headers?: Readonly<Record<string, string>>): Promise<Answered>;
  /** Everything logged, as one text. */
  logText(): string;
  close(): Promise<void>;
}

/** One response; `answer` is empty if the body is not JSON. */
export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly answer: GraphQLAnswer;
}

export interface GraphQLAnswer {
  readonly data?: Readonly<Record<string, unknown>> | null;
  readonly errors?: readonly {
    readonly message: string;
    readonly path?: readonly (string | number)[];
    readonly extensions: Readonly<Record<string, unknown>>;
  }[];
}

export async function startTestGateway(env: Readonly<Record<string, string>> = {}): Promise<TestGateway> {
  const logged: unknown[] = [];
  const note = (...entry: unknown[]) => {
    logged.push(entry);
  };
  const sandbox = await startUqpaySandbox();
  const config = loadConfig({
    PORT: '0',
    UQPAY_BASE_URL: sandbox.baseUrl,
    UQPAY_CLIENT_ID: sandbox.clientId,
    UQPAY_API_KEY: sandbox.apiKey,
    ...env,
  });
  const gateway = await startGateway(config, {
    logger: { debug: note, info: note, warn: note, error: note },
  });
  return {
    gateway,
    sandbox,
    async post(body, headers = {}) {
      const response = await fetch(gateway.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
      });
      const text = await response.text();
      return { status: response.status, headers: response.headers, text, answer: parseAnswer(text) };
    },
    logText: () => JSON.stringify(logged),
    async close() {
      await gateway.close();
      await sandbox.close();
    },
  };
}

function parseAnswer(text: string): GraphQLAnswer {
  return text.startsWith('{') ? (JSON.parse(text) as GraphQLAnswer) : {};
}
