import { Counter, Gauge, type Registry } from 'prom-client';
import type { StreamsReport } from '../../ports/streams-report.ts';
import type { WebhookCount } from '../../ports/webhook.ts';

/** Reads the state of the subscriptions. */
export interface LiveState {
  readonly streams: () => StreamsReport;
  /** How many lists are read in turn. */
  readonly watchedLists: () => number;
}

/** Registers the metrics of subscriptions; their state is read when metrics are read. */
export function registerLiveMetrics(
  prefix: string,
  registry: Registry,
  { streams, watchedLists }: LiveState,
): void {
  new Gauge({
    name: `${prefix}subscriptions_open`,
    help: 'Subscriptions that are open.',
    registers: [registry],
    collect() {
      this.set(streams().open);
    },
  });
  new Counter({
    name: `${prefix}subscription_events_total`,
    help: 'Events sent to subscribers.',
    registers: [registry],
    collect() {
      this.reset();
      this.inc(streams().events);
    },
  });
  new Gauge({
    name: `${prefix}watched_lists`,
    help: 'Lists that are polled because a subscription watches them.',
    registers: [registry],
    collect() {
      this.set(watchedLists());
    },
  });
}

/** Registers the metric of webhooks; the counts are read when metrics are read. */
export function registerWebhookMetrics(
  prefix: string,
  registry: Registry,
  counts: () => readonly WebhookCount[],
): void {
  new Counter({
    name: `${prefix}webhooks_total`,
    help: "Webhooks that came: TAKEN, REPEATED (taken before) or REFUSED (not proven to be the provider's).",
    labelNames: ['provider', 'outcome'],
    registers: [registry],
    collect() {
      this.reset();
      for (const { provider, outcome, count } of counts()) this.inc({ provider, outcome }, count);
    },
  });
}
