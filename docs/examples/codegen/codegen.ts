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
        defaultScalarType: 'unknown', // for scalars not listed above, instead of `any`
        futureProofEnums: true, // a value added later is a case to handle, not a type error
        enumsAsTypes: true,
        useTypeImports: true,
      },
    },
  },
};

export default config;
