import type { VNode } from 'preact';
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { html } from './html.ts';
import { useRowFocus } from './use-row-focus.ts';

interface RowWindowProps<Row> {
  readonly label: string;
  readonly columns: readonly RowColumn[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  readonly rowHeight: number;
  /** Renders the cells of one row. One of them contains the row's button, which gets `tabIndex`. */
  readonly render: (row: Row, tabIndex: 0 | -1) => VNode;
  /** Rows in the whole list; null when unknown. */
  readonly rowCount: number | null;
  /** Called when the last rows are near. */
  readonly onEnd: () => void;
  /** Shown below the last row. */
  readonly footer: VNode | null;
}

/** A column of a list; the class gives its cells their width. */
export interface RowColumn {
  readonly name: string;
  readonly className: string;
}

/** Rows rendered above and below the visible ones. */
const spareRows = 12;
/** Rows below the visible ones that are read ahead, so that scrolling does not wait. */
const aheadRows = 30;

/**
 * A grid that renders only the visible rows, so that ten thousand scroll like ten. It is one stop of the Tab key; arrow
 * keys, Page Up, Page Down, Home and End move among the rows.
 */
export function RowWindow<Row>(props: RowWindowProps<Row>) {
  const { label, columns, rows, keyOf, rowHeight, rowCount, onEnd, footer } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const [{ first, visible, end }, setRange] = useState({ first: 0, visible: 0, end: 40 });

  // A resize is seen before effects run, so it must not count the rows of an earlier frame.
  const length = useRef(0);
  length.current = rows.length;
  const look = useCallback(() => {
    const element = scroller.current;
    if (element === null) return;
    const top = Math.round(element.scrollTop / rowHeight);
    const bottom = Math.ceil((element.scrollTop + element.clientHeight) / rowHeight);
    const next = { first: Math.max(0, top - spareRows), visible: top, end: bottom + spareRows };
    setRange((earlier) => (earlier.visible === top && earlier.end === next.end ? earlier : next));
    if (bottom + aheadRows >= length.current) onEnd();
  }, [rowHeight, onEnd]);

  useEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    element.addEventListener('scroll', look, { passive: true });
    const observer = new ResizeObserver(look);
    observer.observe(element);
    return () => {
      element.removeEventListener('scroll', look);
      observer.disconnect();
    };
  }, [look]);
  useEffect(look, [look, rows.length]);

  // Rows added at the top must not move what is being read, not even for a frame.
  const firstKey = useRef<string | null>(null);
  useLayoutEffect(() => {
    const element = scroller.current;
    const [top] = rows;
    if (element === null || top === undefined) return;
    const before = firstKey.current;
    firstKey.current = keyOf(top);
    if (before === null || before === firstKey.current || element.scrollTop === 0) return;
    const joined = rows.findIndex((row) => keyOf(row) === before);
    if (joined > 0) element.scrollTop += joined * rowHeight;
  }, [rows, rowHeight, keyOf]);

  const focus = useRowFocus({ scroller, rows, keyOf, rowHeight, firstVisible: visible });
  const drawn = rows.slice(first, end).map((row, index) => ({ row, rowIndex: first + index }));
  // The row with the focus stays, or the focus would be lost when it is scrolled away.
  const focused = focus.focusedIndex === null ? undefined : rows[focus.focusedIndex];
  if (focused !== undefined && focus.focusedIndex !== null) {
    const place = { row: focused, rowIndex: focus.focusedIndex };
    if (place.rowIndex < first) drawn.unshift(place);
    if (place.rowIndex >= end) drawn.push(place);
  }
  return html`<div class="rows" ref=${scroller}>
    <div
      role="grid"
      aria-label=${label}
      aria-readonly="true"
      aria-rowcount=${rowCount === null ? -1 : rowCount + 1}
      onKeyDown=${focus.onKeyDown}
      onFocusIn=${focus.onFocusIn}
      onFocusOut=${focus.onFocusOut}
    >
      <div class="row-head" role="row" aria-rowindex="1">
        ${columns.map(
          ({ name, className }) =>
            html`<span key=${name} role="columnheader" class=${className}>${name}</span>`,
        )}
      </div>
      <div class="rows-height" role="rowgroup" style=${{ height: `${rows.length * rowHeight}px` }}>
        ${drawn.map(
          ({ row, rowIndex }) => html`<div
            class="row"
            role="row"
            key=${keyOf(row)}
            aria-rowindex=${rowIndex + 2}
            style=${{ transform: `translateY(${rowIndex * rowHeight}px)`, height: `${rowHeight}px` }}
          >
            ${props.render(row, rowIndex === focus.tabStopIndex ? 0 : -1)}
          </div>`,
        )}
      </div>
    </div>
    ${footer}
  </div>`;
}
