import type { ServedSandbox } from './served.ts';

/** How to use sandboxes that just started: how to point the gateway at them, and what to try. */
export function formatGuide(sandboxes: readonly ServedSandbox[], isControlServed: boolean): string {
  const [first] = sandboxes;
  const blocks = [
    ...sandboxes.map((sandbox) => formatSandbox(sandbox, isControlServed)),
    [
      'Point the gateway at all of them: put these lines into .env, then npm start',
      '',
      ...sandboxes.flatMap(({ env }) => assignments(env)),
    ],
    first === undefined ? [] : ['Or at one of them:', `  ${assignments(first.env).join(' ')} npm start`],
    ['Stop it with Ctrl+C.'],
  ];
  return `${blocks.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function formatSandbox({ name, baseUrl, notes }: ServedSandbox, isControlServed: boolean): string[] {
  const control = new URL('/__control/', baseUrl).href;
  return [
    `${name} sandbox on ${baseUrl}`,
    ...notes.map((line) => `  ${line}`),
    ...(isControlServed ? [`  Control interface: POST ${control}<operation> with a JSON body`] : []),
  ];
}

/** Variable assignments, quoted where a shell needs it; a `.env` file reads them the same. */
function assignments(env: Readonly<Record<string, string>>): string[] {
  return Object.entries(env).map(
    ([name, value]) => `${name}=${/^[\w:/.@-]*$/.test(value) ? value : `'${value}'`}`,
  );
}
