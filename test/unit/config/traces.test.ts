import { expect, test } from '@jest/globals';
import { ConfigError } from '../../../src/config/config-error.ts';
import { loadConfig } from '../../../src/config/load-config.ts';

const collector = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318' };

test.each([
  ['nothing', {}],
  ['only a name', { OTEL_SERVICE_NAME: 'x', OTEL_TRACES_SAMPLER: 'nonsense' }],
  ['a collector, but the SDK is disabled', { ...collector, OTEL_SDK_DISABLED: 'true' }],
  [
    'a collector of metrics',
    { ...collector, OTEL_TRACES_EXPORTER: 'none', OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' },
  ],
])('%s asks for no traces', (_what, env) => {
  expect(loadConfig(env).traces).toBeNull();
});

test('an endpoint enables traces, with the defaults of the specification', () => {
  expect(loadConfig(collector).traces).toEqual({
    url: 'http://collector:4318/v1/traces',
    headers: {},
    resource: { 'service.name': 'balances-gateway' },
    sampling: { ratio: 1, followsCaller: true },
    continuesTraces: true,
  });
});

test.each([
  [{ OTEL_TRACES_EXPORTER: 'otlp' }, 'http://localhost:4318/v1/traces'],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'https://c.example/otlp/' }, 'https://c.example/otlp/v1/traces'],
  [{ ...collector, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://t:1/own' }, 'http://t:1/own'],
])('%j sends to %s', (env, url) => {
  expect(loadConfig(env).traces?.url).toBe(url);
});

test('names, headers, sampler and propagators are read', () => {
  const env = {
    ...collector,
    OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Basic%20dXNlcg==, x-scope=a',
    OTEL_RESOURCE_ATTRIBUTES: 'service.name=other,deployment.environment.name=test%20it',
    OTEL_SERVICE_NAME: 'balances',
    OTEL_TRACES_SAMPLER: 'traceidratio',
    OTEL_TRACES_SAMPLER_ARG: '0.25',
    OTEL_PROPAGATORS: 'none',
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
  };
  expect(loadConfig(env).traces).toMatchObject({
    headers: { authorization: 'Basic dXNlcg==', 'x-scope': 'a' },
    resource: { 'service.name': 'balances', 'deployment.environment.name': 'test it' },
    sampling: { ratio: 0.25, followsCaller: false },
    continuesTraces: false,
  });
});

test.each([
  ['OTEL_EXPORTER_OTLP_PROTOCOL', 'grpc', 'must be http/protobuf: the gateway supports no other protocol'],
  ['OTEL_EXPORTER_OTLP_TRACES_PROTOCOL', 'http/json', 'must be http/protobuf'],
  ['OTEL_TRACES_EXPORTER', 'zipkin', 'must be otlp or none'],
  ['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', 'collector:4318', 'must be a URL such as http://localhost:4318'],
  ['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', 'http://u:secret@c', 'must be a URL such as'],
  ['OTEL_EXPORTER_OTLP_HEADERS', 'secret', 'must be a comma-separated list of name=value'],
  ['OTEL_EXPORTER_OTLP_HEADERS', 'a=secret%', 'must be a comma-separated list of name=value'],
  ['OTEL_RESOURCE_ATTRIBUTES', 'secret', 'must be a comma-separated list of name=value'],
  [
    'OTEL_TRACES_SAMPLER',
    'jaeger_remote',
    'must be one of always_on, always_off, traceidratio, parentbased_',
  ],
  ['OTEL_TRACES_SAMPLER_ARG', '1.5', 'must be a number from 0 to 1'],
  ['OTEL_TRACES_SAMPLER_ARG', 'half', 'must be a number from 0 to 1'],
  ['OTEL_PROPAGATORS', 'b3', 'must be a comma-separated list of tracecontext, baggage, none'],
])('%s=%s is refused where traces are asked for, and a secret is not repeated', (name, value, problem) => {
  const load = () => loadConfig({ ...collector, [name]: value });
  expect(load).toThrow(ConfigError);
  expect(load).toThrow(`  ${name} ${problem}`);
  expect(load).not.toThrow(/secret/);
});
