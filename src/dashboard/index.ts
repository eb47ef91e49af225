import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A file of the dashboard, as browsers get it. */
export interface DashboardFile {
  readonly text: string;
  readonly mediaType: 'text/html' | 'text/javascript' | 'text/css';
  /** What the browser allows the page to do; null for scripts and styles. */
  readonly contentSecurityPolicy: string | null;
  /** Whether its path identifies its content, so that it may be cached forever. */
  readonly isImmutable: boolean;
}

const stylesheets = ['uplot.css', 'colours.css', 'style.css', 'panels.css', 'forms.css', 'lists.css'];
const pageFolder = join(import.meta.dirname, 'page');

/** The packages that the page imports, and a module of each that browsers can load. */
const packages: Readonly<Record<string, string>> = {
  preact: 'preact',
  'preact/hooks': 'preact/hooks',
  htm: 'htm',
  uplot: 'uplot/dist/uPlot.esm.js',
};

/**
 * Reads the files of the dashboard, by path: the page at `/`, and its assets below a folder under `/dashboard/` that is
 * named by a digest of them all. The sources are served with their types stripped, without a build.
 */
export async function loadDashboard({
  hasExplorer,
}: {
  /** Whether the page may link to `/explorer`. */
  readonly hasExplorer: boolean;
}): Promise<ReadonlyMap<string, DashboardFile>> {
  const assets = new Map<string, string>();
  for (const name of await readdir(pageFolder)) {
    const text = await readFile(join(pageFolder, name), 'utf8');
    if (name.endsWith('.ts')) assets.set(name.replace(/\.ts$/, '.js'), toScript(text));
    // The published package already contains JavaScript.
    else if (name.endsWith('.js') || name.endsWith('.css')) assets.set(name, text);
  }
  assets.set('uplot.css', await readModule('uplot/dist/uPlot.min.css'));
  const imports: Record<string, string> = {};
  const digest = createHash('sha256');
  for (const [specifier, module] of Object.entries(packages)) {
    const asset = `${specifier.replace('/', '-')}.js`;
    assets.set(asset, withoutSourceMap(await readModule(module)));
    imports[specifier] = asset;
  }
  for (const [name, text] of assets) digest.update(`${name}\n${text}\n`);
  const folder = `dashboard/${digest.digest('hex').slice(0, 16)}`;

  const files = new Map<string, DashboardFile>();
  for (const [name, text] of assets) {
    files.set(`/${folder}/${name}`, {
      text,
      mediaType: name.endsWith('.css') ? 'text/css' : 'text/javascript',
      contentSecurityPolicy: null,
      isImmutable: true,
    });
  }
  const template = await readFile(join(pageFolder, 'index.html'), 'utf8');
  files.set(
    '/',
    renderPage(template.replace('data-explorer="false"', `data-explorer="${hasExplorer}"`), folder, imports, [
      ...assets.keys(),
    ]),
  );
  return files;
}

/** Inserts the URLs of scripts and styles into the page. Every URL is relative, so that it also works below a path. */
function renderPage(
  template: string,
  folder: string,
  imports: Readonly<Record<string, string>>,
  assetNames: readonly string[],
): DashboardFile {
  const importMap = JSON.stringify({
    imports: Object.fromEntries(
      Object.entries(imports).map(([specifier, asset]) => [specifier, `./${folder}/${asset}`]),
    ),
  });
  const tags = [
    `<script type="importmap">${importMap}</script>`,
    ...stylesheets.map((name) => `<link rel="stylesheet" href="${folder}/${name}">`),
    ...assetNames
      .filter((name) => name.endsWith('.js'))
      .map((name) => `<link rel="modulepreload" href="${folder}/${name}">`),
    `<script type="module" src="${folder}/main.js"></script>`,
  ];
  const text = template.replace('<!-- scripts and styles -->', () => tags.join('\n    '));
  return { text, mediaType: 'text/html', contentSecurityPolicy: policyFor(importMap), isImmutable: false };
}

/** Allows the page its own files and requests to its own origin, nothing else. An import map must be inline. */
function policyFor(importMap: string): string {
  return [
    "default-src 'none'",
    `script-src 'self' 'sha256-${createHash('sha256').update(importMap).digest('base64')}'`,
    "style-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** Strips the types of a script, and names its imports `.js`, because some proxies take `.ts` for video. */
function toScript(source: string): string {
  return stripTypes(source).replace(/(from\s+'\.\/[\w-]+)\.ts'/g, "$1.js'");
}

function stripTypes(source: string): string {
  const { emitWarning } = process;
  // Node strips the types of our own sources without a warning, but this function warns.
  process.emitWarning = () => {};
  try {
    return stripTypeScriptTypes(source);
  } finally {
    process.emitWarning = emitWarning;
  }
}

function withoutSourceMap(text: string): string {
  return text.replace(/\n\/\/# sourceMappingURL=.*\s*$/, '\n');
}

function readModule(specifier: string): Promise<string> {
  return readFile(fileURLToPath(import.meta.resolve(specifier)), 'utf8');
}
