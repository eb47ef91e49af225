import type { RefObject } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';

interface RowFocusOptions<Row> {
  readonly scroller: RefObject<HTMLElement | null>;
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  readonly rowHeight: number;
  readonly firstVisible: number;
}

interface RowFocus {
  /** The row with the focus, counting from 0; null for none. */
  readonly focusedIndex: number | null;
  /** The row that the Tab key goes to. */
  readonly tabStopIndex: number;
  readonly onKeyDown: (event: KeyboardEvent) => void;
  readonly onFocusIn: (event: FocusEvent) => void;
  readonly onFocusOut: (event: FocusEvent) => void;
}

/** Moves the focus among the rows of a scrolling list, of which only some are rendered. */
export function useRowFocus<Row>(options: RowFocusOptions<Row>): RowFocus {
  const { scroller, rows, keyOf, rowHeight, firstVisible } = options;
  const [focusedKey, setFocusedKey] = useState<string | null>(null);
  // The row is focused once it is rendered.
  const wantedKey = useRef<string | null>(null);
  const found = focusedKey === null ? -1 : rows.findIndex((row) => keyOf(row) === focusedKey);
  const focusedIndex = found < 0 ? null : found;

  useLayoutEffect(() => {
    if (wantedKey.current === null || wantedKey.current !== focusedKey || focusedIndex === null) return;
    wantedKey.current = null;
    const row = scroller.current?.querySelector(`[aria-rowindex="${focusedIndex + 2}"]`);
    row?.querySelector('button')?.focus({ preventScroll: true });
    row?.scrollIntoView({ block: 'nearest' });
  });

  function moveTo(rowIndex: number): void {
    const row = rows[Math.min(rows.length - 1, Math.max(0, rowIndex))];
    if (row === undefined) return;
    wantedKey.current = keyOf(row);
    setFocusedKey(keyOf(row));
  }

  return {
    focusedIndex,
    tabStopIndex: focusedIndex ?? Math.min(firstVisible, Math.max(0, rows.length - 1)),
    onKeyDown(event) {
      if (focusedIndex === null || event.altKey || event.metaKey) return;
      const pageRows = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / rowHeight) - 1);
      const targets: Readonly<Record<string, number>> = {
        ArrowDown: focusedIndex + 1,
        ArrowUp: focusedIndex - 1,
        PageDown: focusedIndex + pageRows,
        PageUp: focusedIndex - pageRows,
        Home: 0,
        End: rows.length - 1,
      };
      const target = targets[event.key];
      if (target === undefined) return;
      event.preventDefault();
      moveTo(target);
    },
    onFocusIn({ target }) {
      const row = (target as Element).closest('[aria-rowindex]');
      const focused = row === null ? undefined : rows[Number(row.getAttribute('aria-rowindex')) - 2];
      if (focused !== undefined) setFocusedKey(keyOf(focused));
    },
    onFocusOut({ relatedTarget, currentTarget }) {
      if (!(currentTarget as Element).contains(relatedTarget as Node | null)) setFocusedKey(null);
    },
  };
}
