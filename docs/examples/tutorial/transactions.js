import { ask } from './ask.js';
import { money, row, showTrouble } from './show.js';

const query = `query Transactions($after: String) {
  transactions(first: 20, after: $after) {
    nodes { id createdAt ledger type typeRaw status signedAmount { amount currency } amount { amount currency } }
    pageInfo { hasNextPage endCursor }
    sources { provider ledger state }
  }
}`;

const table = document.getElementById('transactions');
const more = document.getElementById('more');
const seesEnd = new IntersectionObserver(([entry]) => {
  if (entry.isIntersecting) more.click();
});
let after = null;

async function showMore() {
  more.disabled = true;
  const { data, errors } = await ask(query, { after });
  const page = data?.transactions;
  showTrouble('transactions-trouble', errors, page?.sources);
  for (const { createdAt, ledger, type, typeRaw, status, signedAmount, amount } of page?.nodes ?? []) {
    const what = type === 'UNRECOGNIZED' ? typeRaw : type;
    table.append(row(createdAt.slice(0, 10), ledger, what, status, money(signedAmount ?? amount)));
  }
  after = page?.pageInfo.endCursor ?? after;
  more.disabled = false;
  more.hidden = page?.pageInfo.hasNextPage === false;
  // Load the next page only after a page with rows: while a ledger fails, users retry with the button.
  seesEnd.unobserve(more);
  if (page?.nodes.length > 0) seesEnd.observe(more);
}

more.addEventListener('click', showMore);
seesEnd.observe(more);
