const operation = `query Plan($document: String!, $variables: JSON, $operationName: String) {
  explain(document: $document, variables: $variables, operationName: $operationName) {
    calls callsNow callsAtMost cost admitted refusal { message }
    steps { id provider ledger method path calls remembered after serves because }
    budgets { provider callsPerMinute callsLeft }
  }
}`;

/** Runs in the page. GraphiQL saves its tabs in the browser's storage a short while after each key press. */
const script = `(() => {
  const settledMs = 600;
  const button = document.getElementById('plan-button');
  const panel = document.getElementById('plan-panel');
  const parsed = (text) => { try { return JSON.parse(text || '{}'); } catch { return {}; } };
  const shownTab = () => {
    const { tabs = [], activeTabIndex = 0 } = parsed(localStorage.getItem('graphiql:tabState'));
    return tabs[activeTabIndex] ?? {};
  };
  const line = (text, tag = 'p') => {
    const element = document.createElement(tag);
    element.textContent = text;
    return element;
  };
  const row = (cells, tag) => {
    const element = document.createElement('tr');
    for (const text of cells) element.append(line(text, tag));
    return element;
  };
  const show = (...parts) => {
    panel.replaceChildren(...parts);
    panel.hidden = false;
  };
  const showPlan = (plan) => {
    const most = plan.callsAtMost === null ? 'no known maximum' : 'at most ' + plan.callsAtMost;
    const table = document.createElement('table');
    table.append(row(['Step', 'Calls', 'Cached', 'Route', 'Waits for', 'Serves', 'Because'], 'th'));
    const numberOf = new Map(plan.steps.map(({ id }, index) => [id, index + 1]));
    for (const step of plan.steps) {
      const route = [step.provider, step.ledger, step.method, step.path].filter(Boolean).join(' ');
      const waits = step.after.map((id) => numberOf.get(id)).join(', ');
      const cells = [numberOf.get(step.id), step.calls, step.remembered, route, waits, step.serves.join(', '), step.because];
      table.append(row(cells, 'td'));
    }
    const budgets = plan.budgets.map((each) =>
      each.provider + ': ' + each.callsLeft + ' of ' + each.callsPerMinute + ' calls of this minute are left.');
    show(
      line(plan.calls + ' calls; ' + plan.callsNow + ' now at least; ' + most + '. Cost ' + plan.cost + '.'),
      ...(plan.refusal === null ? [] : [line('It would be refused: ' + plan.refusal.message)]),
      ...(plan.steps.length === 0 ? [line('It asks no provider anything.')] : [table]),
      ...budgets.map((text) => line(text)),
    );
  };
  button.addEventListener('click', async () => {
    if (!panel.hidden) { panel.hidden = true; return; }
    show(line('Planning ...'));
    await new Promise((resolve) => setTimeout(resolve, settledMs));
    const { query = '', variables = '', headers = '', operationName = null } = shownTab();
    try {
      const reply = await fetch(button.dataset.endpoint, {
        method: 'POST',
        headers: { ...parsed(headers), 'content-type': 'application/json' },
        body: JSON.stringify({
          query: button.dataset.operation,
          variables: { document: query ?? '', variables: parsed(variables), operationName },
        }),
      });
      const { data, errors = [] } = await reply.json();
      if (data?.explain) showPlan(data.explain);
      else show(...errors.map(({ message }) => line(message)));
    } catch (error) {
      show(line('The plan could not be loaded: ' + error.message));
    }
  });
})();`;

const buttonStyle =
  'position:fixed;right:190px;bottom:4px;z-index:11;font:12px sans-serif;padding:3px 10px;cursor:pointer';
const panelStyle =
  'position:fixed;right:12px;bottom:32px;z-index:11;max-width:90vw;max-height:60vh;overflow:auto;padding:8px 12px;' +
  'font:12px sans-serif;background:#fff;color:#111;border:1px solid #888;border-radius:6px';
const tableStyle =
  '#plan-panel table{border-collapse:collapse}#plan-panel td,#plan-panel th{padding:2px 8px;text-align:left;vertical-align:top;border-top:1px solid #ddd}';

/**
 * Renders a button, as HTML, that shows the plan (`explain`) of the operation in the open tab, with its variables and
 * headers. Inserts results as text only.
 */
export function planPanel(endpoint: string, escapeHtml: (text: string) => string): string {
  return `<style>${tableStyle}</style>
<button id="plan-button" type="button" title="What this operation would ask of the providers" style="${buttonStyle}"
 data-endpoint="${escapeHtml(endpoint)}" data-operation="${escapeHtml(operation)}">Plan</button>
<div id="plan-panel" role="status" hidden style="${panelStyle}"></div>
<script>${script}</script>`;
}
