import type { WebhookSettings } from './config.ts';
import type { Variables } from './variables.ts';

/** The settings of webhooks, from valid variables. */
export function toWebhooks(values: Variables): WebhookSettings {
  return {
    uqpaySecret: values.UQPAY_WEBHOOK_SECRET ?? null,
    ibaneraSecret: values.IBANERA_WEBHOOK_SECRET ?? null,
    noahPublicKeys: values.NOAH_WEBHOOK_PUBLIC_KEY ?? [],
  };
}
