import type { CodegenConfig } from '@graphql-codegen/cli';

const config: CodegenConfig = {
  schema: 'client-schema.graphql',
  documents: ['*.ts', '!codegen.ts'],
  importExtension: '.ts',
  generates: {
    './gql/': {
      preset: 'client',
      presetConfig: { fragmentMasking: false },
      config: {
        documentMode: 'string', // no client library needed; leave it out for Apollo Client and urql
        scalars: { CurrencyCode: 'string', DateTime: 'string', Decimal: 'string' },
        defaultScalarType: 'unknown', // a scalar without a line above, and not `any`
        futureProofEnums: true, // a word added later is not a type error but a case to handle
        enumsAsTypes: true,
        useTypeImports: true,
      },
    },
  },
};

export default config;
