import type { ListPage } from '../data/list-page.ts';
import type { Account } from '../domain/model.ts';

/** A page of accounts. */
export type AccountPage = ListPage<Account>;

/** Any page: the source of `pageInfo`. Its functions are called only when their field is selected. */
export interface Page {
  readonly rows: readonly unknown[];
  cursorOf(rowIndex: number): string;
  readonly hasNextPage: boolean | (() => Promise<boolean>);
  readonly hasPreviousPage: boolean | (() => Promise<boolean>);
  /** The cursor at both ends of a page that failing sources left empty. */
  readonly resumeCursor?: string | null;
}

/** A row and its page; the row's cursor is created when it is selected. */
export interface RowEdge<Row> {
  readonly page: Page;
  readonly rowIndex: number;
  readonly node: Row;
}

/** The edges of a page. */
export function toEdges<Row>(page: Page & { readonly rows: readonly Row[] }): readonly RowEdge<Row>[] {
  const rows: readonly Row[] = page.rows;
  return rows.map((node, rowIndex) => ({ page, rowIndex, node }));
}
