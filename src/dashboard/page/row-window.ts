import type { VNode } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { html } from './html.ts';

interface RowWindowProps<Row> {
  readonly label: string;
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  readonly rowHeight: number;
  /** Renders one row; `style` positions it. `rowIndex` counts from 0. */
  readonly render: (row: Row, rowIndex: number) => VNode;
  /** Rows in the whole list; null when unknown. */
  readonly rowCount: number | null;
  /** Called when the last rows become visible. */
  readonly onEnd: () => void;
  /** Shown below the last row. */
  readonly footer: VNode | null;
}

/** Rows rendered above and below the visible ones. */
const spareRows = 12;

/** A table that renders only the visible rows, so that ten thousand scroll like ten. */
export function RowWindow<Row>(props: RowWindowProps<Row>) {
  const { rows, rowHeight, onEnd } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const [range, setRange] = useState<readonly [number, number]>([0, 40]);

  useEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const look = () => {
      const first = Math.max(0, Math.floor(element.scrollTop / rowHeight) - spareRows);
      const end = Math.ceil((element.scrollTop + element.clientHeight) / rowHeight) + spareRows;
      setRange((earlier) => (earlier[0] === first && earlier[1] === end ? earlier : [first, end]));
      if (end >= rows.length) onEnd();
    };
    look();
    element.addEventListener('scroll', look, { passive: true });
    const observer = new ResizeObserver(look);
    observer.observe(element);
    return () => {
      element.removeEventListener('scroll', look);
      observer.disconnect();
    };
  }, [rows.length, rowHeight, onEnd]);

  // Rows added at the top must not move what is being read, not even for a frame.
  const firstKey = useRef<string | null>(null);
  useLayoutEffect(() => {
    const element = scroller.current;
    const [top] = rows;
    if (element === null || top === undefined) return;
    const before = firstKey.current;
    firstKey.current = props.keyOf(top);
    if (before === null || before === firstKey.current || element.scrollTop === 0) return;
    const joined = rows.findIndex((row) => props.keyOf(row) === before);
    if (joined > 0) element.scrollTop += joined * rowHeight;
  }, [rows, rowHeight, props.keyOf]);

  const [first, end] = range;
  return html`<div class="rows" ref=${scroller} role="region" aria-label="Scrollable list: ${props.label}" tabindex="0">
    <div
      class="rows-height"
      role="table"
      aria-label=${props.label}
      aria-rowcount=${props.rowCount ?? -1}
      style=${{ height: `${rows.length * rowHeight}px` }}
    >
      ${rows.slice(first, end).map(
        (row, index) => html`<div
          class="row"
          role="row"
          key=${props.keyOf(row)}
          aria-rowindex=${first + index + 1}
          style=${{ transform: `translateY(${(first + index) * rowHeight}px)`, height: `${rowHeight}px` }}
        >
          ${props.render(row, first + index)}
        </div>`,
      )}
    </div>
    ${props.footer}
  </div>`;
}
