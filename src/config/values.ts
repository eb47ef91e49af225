import * as z from 'zod';

/** Text that passes a check; `problem` is the rest of a sentence that starts with the variable's name. */
export function text(problem: string, isAllowed: (value: string) => boolean) {
  return z.string().refine(isAllowed, { error: problem });
}

export function onOrOff() {
  return z.enum(['on', 'off'], { error: () => 'must be on or off' }).transform((value) => value === 'on');
}

export function plainText() {
  return text('must be 1 to 512 characters without blanks', (value) => /^\S{1,512}$/.test(value));
}

export function headerText() {
  return text(
    'must be 1 to 1024 visible ASCII characters without blanks, because it is sent in a header',
    (value) => /^[\x21-\x7e]{1,1024}$/.test(value),
  );
}

/** The value of a JSON text; undefined if it is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

// Digits only: Number() would also accept '', ' 80 ', '0x50' and '1e3'.
export function wholeNumber(min: number, max: number) {
  return text(`must be a whole number from ${min} to ${max}`, (value) => {
    return /^\d{1,9}$/.test(value) && Number(value) >= min && Number(value) <= max;
  }).transform(Number);
}

/** Calls per minute that a provider allows one credential. */
export function callsPerMinute() {
  return wholeNumber(0, 1_000_000);
}

/** A part of a whole, from 0.01 to 1. */
export function share() {
  return text('must be a number from 0.01 to 1, such as 0.5', (value) => {
    return /^(0?\.\d{1,4}|1(\.0{1,4})?)$/.test(value) && Number(value) >= 0.01;
  }).transform(Number);
}

/** Webhook secrets, in whatever form the provider's dashboard shows. */
export function webhookSecret() {
  return text('must be 1 to 1024 characters, none of them a control character', (value) => {
    return value.length <= 1_024 && !/\p{Cc}/u.test(value);
  });
}
