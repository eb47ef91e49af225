import { randomBytes } from 'node:crypto';
import * as z from 'zod';
import type { Answer } from '../shared/answers.ts';
import { CodeChecker } from './codes.ts';
import { refused, success } from './envelope.ts';
import type { Store } from './store.ts';

const lockMs = 10 * 60_000;

/** Whether the customer may log in (reference section 2.1). */
export type Standing = 'open' | 'suppressed' | 'not-verified';

/** The credentials, and the lifetime of tokens. */
export interface LoginSettings {
  readonly username: string;
  readonly password: string;
  readonly totpSecret: string;
  tokenLifetimeSeconds: number;
}

const loginBody = z.object({
  username: z.string().optional(),
  password: z.string().optional(),
  otp: z.string().optional(),
});

/** Logins, their lock, tokens and codes. */
export class Logins {
  standing: Standing = 'open';
  readonly codes: CodeChecker;
  /** Successful logins since the start. */
  loginCount = 0;
  readonly #settings: LoginSettings;
  readonly #store: Store;
  readonly #expiryMsOfToken = new Map<string, number>();
  #failureCount = 0;
  #lockedUntilMs = 0;

  constructor(settings: LoginSettings, store: Store) {
    this.#settings = settings;
    this.#store = store;
    this.codes = new CodeChecker(settings.totpSecret);
  }

  /** Reference section 2.1. */
  login(bodyText: string, nowMs: number): Answer {
    const { behaviour } = this.#store;
    const status = behaviour.loginRefusalStatus;
    const body = parseLogin(bodyText);
    for (const name of ['username', 'password', 'otp'] as const) {
      if (body[name] === undefined || body[name] === '') throw refused(status, name, 'Required');
    }
    if (nowMs < this.#lockedUntilMs) throw refused(status, 'username', 'Account_Locked');
    const { username, password } = this.#settings;
    if (body.username !== username || body.password !== password) {
      throw this.#failed('password', 'Username_Or_Password_Incorrect', nowMs);
    }
    const { codeStepsBackMax, codesAreSingleUse } = behaviour;
    if (!this.codes.take(body.otp ?? '', nowMs, codeStepsBackMax, codesAreSingleUse)) {
      // The code for a wrong one-time code is not documented (section 2.1).
      throw this.#failed('otp', 'Invalid', nowMs);
    }
    if (this.standing === 'suppressed') throw refused(status, 'username', 'Account_Suppressed');
    if (this.standing === 'not-verified') throw refused(status, 'username', 'Account_Not_Verified');
    this.#failureCount = 0;
    return this.#open(nowMs);
  }

  /** Whether a call may pass: it needs a live token and a code that is valid now. */
  admits(token: string | null, code: string | null, nowMs: number): boolean {
    const expiryMs = token === null ? undefined : this.#expiryMsOfToken.get(token);
    if (expiryMs === undefined || nowMs >= expiryMs || code === null) return false;
    const { codeStepsBackMax, codesAreSingleUse } = this.#store.behaviour;
    return this.codes.take(code, nowMs, codeStepsBackMax, codesAreSingleUse);
  }

  /** Ends every live token. */
  expireTokens(): void {
    this.#expiryMsOfToken.clear();
  }

  /** Locks logins, as after too many refused ones. */
  lock(nowMs: number): void {
    this.#lockedUntilMs = nowMs + lockMs;
  }

  setTokenLifetime(seconds: number): void {
    this.#settings.tokenLifetimeSeconds = seconds;
  }

  #open(nowMs: number): Answer {
    const { behaviour } = this.#store;
    const accessToken = ['eyJhbGciOiJIUzI1NiJ9', randomText(), randomText()].join('.');
    if (behaviour.singleLiveToken) this.expireTokens();
    const expiresIn = this.#settings.tokenLifetimeSeconds;
    this.#expiryMsOfToken.set(accessToken, nowMs + expiresIn * 1_000);
    this.loginCount += 1;
    const refresh = { refreshToken: randomText(), refreshTokenExpiresIn: 86_400 };
    return success(JSON.stringify({ accessToken, expiresIn, ...(behaviour.refreshToken ? refresh : {}) }));
  }

  #failed(fieldName: string, messageCode: string, nowMs: number) {
    const { loginRefusalStatus, loginFailuresMax } = this.#store.behaviour;
    this.#failureCount += 1;
    if (this.#failureCount >= loginFailuresMax) {
      this.#failureCount = 0;
      this.lock(nowMs);
    }
    return refused(loginRefusalStatus, fieldName, messageCode);
  }
}

function parseLogin(text: string): z.output<typeof loginBody> {
  try {
    return loginBody.parse(JSON.parse(text));
  } catch {
    throw refused(400, 'body', 'Invalid');
  }
}

function randomText(): string {
  return randomBytes(24).toString('base64url');
}
