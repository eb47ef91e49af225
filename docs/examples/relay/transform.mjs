// What babel-plugin-relay does, for Node: puts the compiler's artifact where a graphql`...` tag was.
import { registerHooks } from 'node:module';

const tag = /graphql`\s*(?:query|fragment|subscription)\s+(\w+)[^`]*`/g;

registerHooks({
  // The compiler's artifacts import each other without an extension.
  resolve: (specifier, context, next) =>
    next(specifier.endsWith('.graphql') ? `${specifier}.ts` : specifier, context),
  load(url, context, next) {
    const loaded = next(url, context);
    if (!url.endsWith('.ts') || url.includes('__generated__')) return loaded;
    const names = [];
    const body = String(loaded.source).replace(tag, (_, name) => {
      names.push(name);
      return name;
    });
    const imports = names.map((name) => `import ${name} from './__generated__/${name}.graphql.ts';`);
    return { ...loaded, source: `${imports.join(' ')}${body}` };
  },
});
