const common = ['USD', 'EUR', 'SGD', 'GBP', 'HKD', 'CNY', 'JPY', 'AUD'];

/** Currencies to choose from, including the chosen one. */
export function currenciesWith(chosen: string): readonly string[] {
  return common.includes(chosen) ? common : [chosen, ...common];
}
