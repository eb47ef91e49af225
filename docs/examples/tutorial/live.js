import { gateway } from './ask.js';
import { showTotals } from './totals.js';

const query = 'subscription Changes { balancesChanged { trigger } }';
const stream = new EventSource(`${gateway}?query=${encodeURIComponent(query)}`);
stream.addEventListener('next', async ({ data }) => {
  const { trigger } = JSON.parse(data).data?.balancesChanged ?? {};
  if (trigger !== 'START') await showTotals(); // START: the page has just shown these
});
